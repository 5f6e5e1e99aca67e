#include "import/scope.hpp"

namespace bitmason::import {

namespace {

struct AttributeText {
  std::string operator()(std::int64_t v) const { return std::to_string(v); }
  std::string operator()(double v) const { return std::to_string(v); }
  std::string operator()(const std::string& v) const { return v.substr(0, 100); }
  std::string operator()(const std::vector<std::int64_t>& v) const {
    return "a list of " + std::to_string(v.size()) + " integers";
  }
  std::string operator()(const std::vector<double>& v) const {
    return "a list of " + std::to_string(v.size()) + " reals";
  }
  std::string operator()(const onnxio::Tensor&) const { return "a tensor"; }
};

}  // namespace

std::string label_of(const onnxio::Node& node) {
  if (!node.name.empty()) return node.name;
  for (const std::string& output : node.outputs) {
    if (!output.empty()) return node.op_type + " of " + output;
  }
  return node.op_type;
}

Scope::Scope(Session& shared, const onnxio::Node& examined)
    : session(shared), node(examined), label(label_of(examined)) {}

Values Scope::fail(const DiagnosticKind& kind, std::initializer_list<std::string> arguments) {
  errors.push_back(make_diagnostic(kind, label, arguments));
  return {};
}

Values Scope::done(Value value, Fate became, std::string phrase) {
  fate = became;
  text = std::move(phrase);
  return {std::move(value)};
}

const Value& Scope::value(std::size_t index) const {
  return session.values.at(node.inputs[index]);
}

const Constant* Scope::constant(std::size_t index) const {
  if (!has(index)) return nullptr;
  const auto* found = std::get_if<ConstantPtr>(&value(index));
  return found == nullptr ? nullptr : found->get();
}

const Stream* Scope::stream(std::size_t index) const {
  return has(index) ? std::get_if<Stream>(&value(index)) : nullptr;
}

const Constant* Scope::need_constant(std::size_t index, std::string_view name) {
  if (!has(index)) {
    fail(diagnostics::kInputs, {node.op_type, std::to_string(node.inputs.size()), std::to_string(index + 1)});
    return nullptr;
  }
  const Constant* found = constant(index);
  if (found == nullptr) {
    fail(diagnostics::kNotConstant, {std::string(name)});
    return nullptr;
  }
  if (!found->all_finite()) {
    fail(diagnostics::kConstant, {std::string(name), "infinite or not a number", "a finite value"});
    return nullptr;
  }
  return found;
}

std::vector<std::int64_t> Scope::need_integers(std::size_t index, std::string_view name) {
  const Constant* found = need_constant(index, name);
  if (found == nullptr) return {};
  if (found->size() > 4096) {
    fail(diagnostics::kConstant, {std::string(name), shape_text(found->shape), "a short list of integers"});
    return {};
  }
  auto list = found->integers();
  if (!list) {
    fail(diagnostics::kConstant, {std::string(name), "not a whole number", "an integer"});
    return {};
  }
  return *std::move(list);
}

std::optional<std::int64_t> Scope::need_integer(std::size_t index, std::string_view name) {
  const auto list = need_integers(index, name);
  if (failed()) return std::nullopt;
  if (list.size() != 1) {
    fail(diagnostics::kConstant, {std::string(name), std::to_string(list.size()) + " values", "one value"});
    return std::nullopt;
  }
  return list.front();
}

bool Scope::need_inputs(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (has(i)) continue;
    fail(diagnostics::kInputs, {node.op_type, std::to_string(node.inputs.size()), std::to_string(count)});
    return false;
  }
  return true;
}

template <class T>
const T* Scope::attribute(const std::string& name, std::string_view needed) {
  const auto found = node.attributes.find(name);
  if (found == node.attributes.end()) return nullptr;
  const T* value = std::get_if<T>(&found->second);
  if (value == nullptr)
    fail(diagnostics::kAttribute, {name, std::visit(AttributeText{}, found->second), std::string(needed)});
  return value;
}

std::int64_t Scope::integer(const std::string& name, std::int64_t otherwise) {
  const auto* value = attribute<std::int64_t>(name, "an integer");
  return value == nullptr ? otherwise : *value;
}

double Scope::real(const std::string& name, double otherwise) {
  const auto* value = attribute<double>(name, "a real number");
  if (value != nullptr && !(*value - *value == 0)) {
    fail(diagnostics::kAttribute, {name, "infinite or not a number", "a finite number"});
    return otherwise;
  }
  return value == nullptr ? otherwise : *value;
}

std::string Scope::string(const std::string& name, const std::string& otherwise) {
  const auto* value = attribute<std::string>(name, "a string");
  return value == nullptr ? otherwise : *value;
}

std::vector<std::int64_t> Scope::integers(const std::string& name, std::vector<std::int64_t> otherwise) {
  const auto* value = attribute<std::vector<std::int64_t>>(name, "a list of integers");
  return value == nullptr ? std::move(otherwise) : *value;
}

std::size_t Scope::axis(std::int64_t value, std::size_t rank) {
  const auto limit = static_cast<std::int64_t>(rank);
  const std::int64_t positive = value < 0 ? value + limit : value;
  if (positive >= 0 && positive < limit) return static_cast<std::size_t>(positive);
  fail(diagnostics::kAttribute,
       {"axis", std::to_string(value), "an axis of " + std::to_string(rank) + " dimensions"});
  return 0;
}

std::optional<std::vector<std::int64_t>> Scope::axes() {
  if (has_attribute("axes")) return integers("axes", {});
  if (has(1)) return need_integers(1, "axes");
  return std::nullopt;
}

std::optional<ir::TensorId> Scope::add(ir::Operation operation, std::vector<ir::TensorId> inputs,
                                       const std::string& name) {
  auto id = session.builder.add(name.empty() ? label : name, std::move(operation), std::move(inputs));
  if (id) return *id;
  errors.insert(errors.end(), id.errors().begin(), id.errors().end());
  return std::nullopt;
}

}  // namespace bitmason::import
