#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"

/// ONNX files as plain structs: the one room that knows protobuf (the distribution's libonnx).
namespace bitmason::onnxio {

/// Dense constant. Integer and boolean types are in `integers`, floating types in `reals` (all exact).
struct Tensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::string type = "float32";  ///< numpy's name of the file's element type
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  [[nodiscard]] bool is_integer() const { return !type.starts_with("float") && type != "bfloat16"; }
  [[nodiscard]] std::size_t size() const { return is_integer() ? integers.size() : reals.size(); }
};

using Attribute =
    std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>, std::vector<double>, Tensor>;

struct Node {
  std::string name;
  std::string op_type;
  std::string domain;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::map<std::string, Attribute> attributes;
};

/// Graph input or output; -1 stands for a symbolic dimension.
struct ValueInfo {
  std::string name;
  std::string type = "float32";
  std::vector<std::int64_t> shape;
};

struct Model {
  std::string graph_name;
  std::string producer;
  std::map<std::string, std::int64_t> opsets;  ///< by domain; "" is the standard one
  std::vector<Node> nodes;                     ///< in file order
  std::vector<Tensor> initializers;
  std::vector<ValueInfo> inputs;  ///< without those that are initializers
  std::vector<ValueInfo> outputs;
  std::map<std::string, std::string> metadata;  ///< properties that no operator sees
};

/// Reads and bounds-checks a file; never trusts a size in it. Errors: BM-ONNX-*.
Result<Model> read_model(const std::filesystem::path& path);
/// The same from bytes, for fuzzing.
Result<Model> parse_model(std::string_view bytes, std::string_view where);
/// One tensor stored alone (a TensorProto, as the ONNX test suite keeps inputs and outputs). Errors:
/// BM-ONNX-*.
Result<Tensor> read_tensor(const std::filesystem::path& path);
/// Writes through a temporary file. Errors: BM-FILE-002.
Status write_model(const std::filesystem::path& path, const Model& model);

}  // namespace bitmason::onnxio
