#include "export/rewriter.hpp"

namespace bitmason::exporting {

std::string Rewriter::base_name() const {
  return replaced_.outputs.front();
}

std::string Rewriter::node(std::string_view op_type, std::vector<std::string> inputs,
                           std::map<std::string, onnxio::Attribute> attributes, bool last) {
  std::string name = base_name() + "_" + std::string(op_type) + std::to_string(count_++);
  std::string output = last ? replaced_.outputs.front() : name;
  model_.nodes.push_back(
      {name, std::string(op_type), "", std::move(inputs), {output}, std::move(attributes)});
  return output;
}

std::string Rewriter::constant(std::string_view suffix, std::vector<std::int64_t> shape,
                               std::vector<double> values) {
  std::string name = base_name() + "_" + std::string(suffix);
  model_.initializers.push_back({name, std::move(shape), "float32", {}, std::move(values)});
  return name;
}

std::string Rewriter::constant(std::string_view suffix, std::string_view type,
                               std::vector<std::int64_t> shape, std::vector<std::int64_t> values) {
  std::string name = base_name() + "_" + std::string(suffix);
  model_.initializers.push_back({name, std::move(shape), std::string(type), std::move(values), {}});
  return name;
}

}  // namespace bitmason::exporting
