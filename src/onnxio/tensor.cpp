#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <optional>

#include "base/half.hpp"
#include "onnxio/diagnostics.hpp"
#include "onnxio/element_types_internal.hpp"
#include "onnxio/proto_tensor_internal.hpp"

namespace bitmason::onnxio {

namespace {

constexpr std::int64_t kMaxElements = std::int64_t{1} << 28;

const ElementType* find_type(std::int32_t code) {
  const auto found =
      std::ranges::find_if(kElementTypes, [&](const ElementType& type) { return type.code == code; });
  return found == kElementTypes.end() ? nullptr : &*found;
}

std::string shape_text(const onnx::TensorProto& proto) {
  std::string text = "[";
  for (int i = 0; i < proto.dims_size(); ++i) {
    if (i == 8) return text + ", ...]";
    text += (i == 0 ? "" : ", ") + std::to_string(proto.dims(i));
  }
  return text + "]";
}

/// Product of the dimensions; nothing where one is negative or the product is too large.
std::optional<std::int64_t> element_count(const onnx::TensorProto& proto) {
  if (proto.dims_size() > 32) return std::nullopt;
  std::int64_t count = 1;
  for (const std::int64_t dim : proto.dims()) {
    if (dim < 0 || dim > kMaxElements) return std::nullopt;
    count *= dim;
    if (count > kMaxElements) return std::nullopt;
  }
  return count;
}

double float_from_bfloat(std::uint16_t bits) {
  return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16));
}

template <class T>
T load(const char* bytes) {
  static_assert(std::endian::native == std::endian::little, "raw data is little endian");
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

double real_from_raw(std::int32_t code, const char* bytes) {
  switch (code) {
    case onnx::TensorProto::FLOAT:
      return static_cast<double>(load<float>(bytes));
    case onnx::TensorProto::DOUBLE:
      return load<double>(bytes);
    case onnx::TensorProto::FLOAT16:
      return half_to_double(load<std::uint16_t>(bytes));
    default:
      return float_from_bfloat(load<std::uint16_t>(bytes));
  }
}

std::int64_t integer_from_raw(std::int32_t code, const char* bytes) {
  switch (code) {
    case onnx::TensorProto::BOOL:
      return load<std::uint8_t>(bytes) != 0 ? 1 : 0;
    case onnx::TensorProto::INT8:
      return load<std::int8_t>(bytes);
    case onnx::TensorProto::UINT8:
      return load<std::uint8_t>(bytes);
    case onnx::TensorProto::INT16:
      return load<std::int16_t>(bytes);
    case onnx::TensorProto::UINT16:
      return load<std::uint16_t>(bytes);
    case onnx::TensorProto::INT32:
      return load<std::int32_t>(bytes);
    case onnx::TensorProto::UINT32:
      return load<std::uint32_t>(bytes);
    default:
      // A uint64 above 2^63 - 1 turns negative here and fails the range check.
      return load<std::int64_t>(bytes);
  }
}

void decode_raw(const std::string& raw, const ElementType& type, Tensor& out) {
  for (std::size_t at = 0; at < raw.size(); at += type.bytes) {
    if (type.integer) {
      out.integers.push_back(integer_from_raw(type.code, raw.data() + at));
    } else {
      out.reals.push_back(real_from_raw(type.code, raw.data() + at));
    }
  }
}

/// Values from the typed fields; which field holds a type is fixed by the format.
void decode_typed(const onnx::TensorProto& proto, const ElementType& type, Tensor& out) {
  switch (type.code) {
    case onnx::TensorProto::FLOAT:
      out.reals.assign(proto.float_data().begin(), proto.float_data().end());
      return;
    case onnx::TensorProto::DOUBLE:
      out.reals.assign(proto.double_data().begin(), proto.double_data().end());
      return;
    case onnx::TensorProto::FLOAT16:
    case onnx::TensorProto::BFLOAT16:
      for (const std::int32_t bits : proto.int32_data()) {
        const auto half = static_cast<std::uint16_t>(bits & 0xffff);
        out.reals.push_back(type.code == onnx::TensorProto::FLOAT16 ? half_to_double(half)
                                                                    : float_from_bfloat(half));
      }
      return;
    case onnx::TensorProto::INT64:
      out.integers.assign(proto.int64_data().begin(), proto.int64_data().end());
      return;
    case onnx::TensorProto::UINT32:
    case onnx::TensorProto::UINT64:
      for (const std::uint64_t value : proto.uint64_data())
        out.integers.push_back(static_cast<std::int64_t>(value));
      return;
    default:
      out.integers.assign(proto.int32_data().begin(), proto.int32_data().end());
  }
}

std::optional<Diagnostic> check_values(const Tensor& tensor, const ElementType& type,
                                       const std::string& where) {
  for (std::size_t i = 0; i < tensor.integers.size(); ++i) {
    const std::int64_t value = tensor.integers[i];
    if (value < type.lo || value > type.hi) {
      return make_diagnostic(diagnostics::kElementValue, where,
                             {std::to_string(i), std::to_string(value), std::string(type.name)});
    }
  }
  return std::nullopt;
}

}  // namespace

std::string type_name(std::int32_t data_type) {
  const ElementType* type = find_type(data_type);
  return type == nullptr ? std::string() : std::string(type->name);
}

std::int32_t data_type_of(std::string_view type_name) {
  const auto found = std::ranges::find(kElementTypes, type_name, &ElementType::name);
  return found == kElementTypes.end() ? onnx::TensorProto::UNDEFINED : found->code;
}

Result<Tensor> tensor_from_proto(const onnx::TensorProto& proto, const std::string& where) {
  if (proto.data_location() == onnx::TensorProto::EXTERNAL || proto.external_data_size() > 0) {
    std::string location = "no location";
    for (const auto& entry : proto.external_data()) {
      if (entry.key() == "location") location = entry.value().substr(0, 200);
    }
    return make_diagnostic(diagnostics::kExternalData, where, {location});
  }
  const ElementType* type = find_type(proto.data_type());
  if (type == nullptr) {
    return make_diagnostic(diagnostics::kElementType, where, {std::to_string(proto.data_type())});
  }
  const auto count = element_count(proto);
  if (!count) {
    return make_diagnostic(diagnostics::kBadDimension, where,
                           {shape_text(proto), std::to_string(kMaxElements)});
  }
  Tensor tensor{.name = proto.name(), .shape = {}, .type = std::string(type->name)};
  tensor.shape.assign(proto.dims().begin(), proto.dims().end());
  const auto needed = static_cast<std::size_t>(*count);
  if (proto.has_raw_data()) {
    const std::size_t bytes = needed * type->bytes;
    if (proto.raw_data().size() != bytes) {
      return make_diagnostic(diagnostics::kDataSize, where,
                             {shape_text(proto), tensor.type, std::to_string(bytes), "bytes",
                              std::to_string(proto.raw_data().size())});
    }
    decode_raw(proto.raw_data(), *type, tensor);
  } else {
    decode_typed(proto, *type, tensor);
  }
  if (tensor.size() != needed) {
    return make_diagnostic(
        diagnostics::kDataSize, where,
        {shape_text(proto), tensor.type, std::to_string(needed), "values", std::to_string(tensor.size())});
  }
  if (auto bad = check_values(tensor, *type, where)) return *bad;
  return tensor;
}

void tensor_to_proto(const Tensor& tensor, onnx::TensorProto& proto) {
  proto.set_name(tensor.name);
  const std::int32_t code = data_type_of(tensor.type);
  assert(code != onnx::TensorProto::UNDEFINED && code != onnx::TensorProto::FLOAT16 &&
         code != onnx::TensorProto::BFLOAT16 && "written types are float32, float64 and integers");
  proto.set_data_type(code);
  for (const std::int64_t dim : tensor.shape) proto.add_dims(dim);
  std::string& raw = *proto.mutable_raw_data();
  for (const double value : tensor.reals) {
    if (code == onnx::TensorProto::FLOAT) {
      const auto narrow = static_cast<float>(value);
      raw.append(reinterpret_cast<const char*>(&narrow), sizeof narrow);
    } else {
      raw.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
  }
  // The low bytes of a two's complement integer are its narrower code.
  for (const std::int64_t value : tensor.integers)
    raw.append(reinterpret_cast<const char*>(&value), find_type(code)->bytes);
}

}  // namespace bitmason::onnxio
