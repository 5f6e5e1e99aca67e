#pragma once

#include <onnx/onnx_pb.h>

#include <string>

#include "base/result.hpp"
#include "onnxio/model.hpp"

/// Conversions of tensors; included only by this room's .cpp files.
namespace bitmason::onnxio {

/// numpy's name of an ONNX element type; empty where the room does not read it.
std::string type_name(std::int32_t data_type);
/// The ONNX element type of numpy's name; UNDEFINED if unknown.
std::int32_t data_type_of(std::string_view type_name);

/// The tensor with its data checked against its shape. Errors: BM-ONNX-003..006, 008.
Result<Tensor> tensor_from_proto(const onnx::TensorProto& proto, const std::string& where);

/// The inverse: values in raw_data, little endian. Precondition: values fit the type.
void tensor_to_proto(const Tensor& tensor, onnx::TensorProto& proto);

}  // namespace bitmason::onnxio
