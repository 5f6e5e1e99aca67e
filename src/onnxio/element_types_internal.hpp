#pragma once

#include <onnx/onnx_pb.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

namespace bitmason::onnxio {

/// One readable element type of ONNX.
struct ElementType {
  std::int32_t code = 0;
  std::string_view name;
  std::size_t bytes = 0;
  bool integer = true;
  std::int64_t lo = 0;  ///< of integers
  std::int64_t hi = 0;
};

inline constexpr std::int64_t kMin64 = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t kMax64 = std::numeric_limits<std::int64_t>::max();

inline constexpr std::array<ElementType, 13> kElementTypes{{
    {onnx::TensorProto::FLOAT, "float32", 4, false},
    {onnx::TensorProto::DOUBLE, "float64", 8, false},
    {onnx::TensorProto::FLOAT16, "float16", 2, false},
    {onnx::TensorProto::BFLOAT16, "bfloat16", 2, false},
    {onnx::TensorProto::BOOL, "bool", 1, true, 0, 1},
    {onnx::TensorProto::INT8, "int8", 1, true, -128, 127},
    {onnx::TensorProto::UINT8, "uint8", 1, true, 0, 255},
    {onnx::TensorProto::INT16, "int16", 2, true, -32768, 32767},
    {onnx::TensorProto::UINT16, "uint16", 2, true, 0, 65535},
    {onnx::TensorProto::INT32, "int32", 4, true, -2147483648LL, 2147483647},
    {onnx::TensorProto::UINT32, "uint32", 4, true, 0, 4294967295LL},
    {onnx::TensorProto::INT64, "int64", 8, true, kMin64, kMax64},
    {onnx::TensorProto::UINT64, "uint64", 8, true, 0, kMax64},
}};

}  // namespace bitmason::onnxio
