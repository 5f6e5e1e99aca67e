#include <fmt/format.h>

#include <algorithm>

#include "graph/reader_internal.hpp"

/// What the handlers of all operators need.
namespace bitmason::graph {

namespace {

template <class T>
T attribute_or(const onnxio::Node& node, const std::string& name, T otherwise) {
  const auto found = node.attributes.find(name);
  const T* value = found == node.attributes.end() ? nullptr : std::get_if<T>(&found->second);
  return value == nullptr ? otherwise : *value;
}

/// Padding before and after one side, as auto_pad SAME_UPPER or SAME_LOWER has it.
std::pair<std::int64_t, std::int64_t> same_pads(std::int64_t size, std::int64_t kernel, std::int64_t stride,
                                                bool upper) {
  const std::int64_t outputs = (size + stride - 1) / stride;
  const std::int64_t total = std::max<std::int64_t>(0, (outputs - 1) * stride + kernel - size);
  const std::int64_t less = total / 2;
  return upper ? std::pair{less, total - less} : std::pair{total - less, less};
}

}  // namespace

std::vector<double> reals_of(const onnxio::Tensor& tensor) {
  if (!tensor.is_integer()) return tensor.reals;
  return {tensor.integers.begin(), tensor.integers.end()};
}

void Reader::fail(const DiagnosticKind& kind, std::initializer_list<std::string> arguments) {
  const std::string where = node_ == nullptr      ? model_.graph_name
                            : node_->name.empty() ? node_->op_type
                                                  : node_->name;
  errors_.push_back(make_diagnostic(kind, where, arguments));
}

bool Reader::has(std::size_t index) const {
  return index < node_->inputs.size() && !node_->inputs[index].empty();
}

const Operand& Reader::input(std::size_t index) const {
  return operands_.at(node_->inputs[index]);
}

bool Reader::is_constant(std::size_t index) const {
  return has(index) && input(index).constant != nullptr;
}

bool Reader::need_value(std::size_t index, bool flat_allowed) {
  const auto name = std::to_string(index + 1);
  if (!has(index) || is_constant(index)) {
    fail(diagnostics::kOperand, {name, has(index) ? "a constant" : "missing", "a value of the network"});
    return false;
  }
  if (flat_allowed || !input(index).flat) return true;
  fail(diagnostics::kOperand, {name, "of rank 2", "rank 4"});
  return false;
}

const onnxio::Tensor* Reader::need_constant(std::size_t index) {
  if (is_constant(index)) return input(index).constant.get();
  fail(diagnostics::kOperand,
       {std::to_string(index + 1), has(index) ? "computed from the image" : "missing", "a constant"});
  return nullptr;
}

std::int64_t Reader::integer(const std::string& name, std::int64_t otherwise) const {
  return attribute_or(*node_, name, otherwise);
}
double Reader::real(const std::string& name, double otherwise) const {
  return attribute_or(*node_, name, otherwise);
}
std::string Reader::text(const std::string& name, const std::string& otherwise) const {
  return attribute_or(*node_, name, otherwise);
}
std::vector<std::int64_t> Reader::integers(const std::string& name,
                                           std::vector<std::int64_t> otherwise) const {
  return attribute_or(*node_, name, std::move(otherwise));
}

bool Reader::need_attribute(const std::string& name, std::int64_t needed, std::int64_t otherwise) {
  const std::int64_t value = integer(name, otherwise);
  if (value != needed) fail(diagnostics::kAttribute, {name, std::to_string(value), std::to_string(needed)});
  return value == needed;
}

std::optional<ir::Window> Reader::window(std::vector<std::int64_t> kernel) {
  using Ints = std::vector<std::int64_t>;
  kernel = integers("kernel_shape", std::move(kernel));
  const Ints strides = integers("strides", Ints{1, 1});
  Ints pads = integers("pads", Ints{0, 0, 0, 0});
  const auto within = [&](const char* name, const Ints& values, std::size_t count, std::int64_t lo) {
    constexpr std::int64_t kMost = 32768;
    const bool good =
        values.size() == count && std::ranges::all_of(values, [&](auto v) { return v >= lo && v <= kMost; });
    if (!good)
      fail(diagnostics::kAttribute, {name, fmt::format("[{}]", fmt::join(values, ", ")),
                                     fmt::format("{} numbers from {}", count, lo)});
    return good;
  };
  if (!within("kernel_shape", kernel, 2, 1) || !within("strides", strides, 2, 1) ||
      !within("pads", pads, 4, 0) || !need_attribute("ceil_mode", 0, 0))
    return std::nullopt;
  const Ints dilations = integers("dilations", Ints{1, 1});
  if (dilations != Ints{1, 1}) {
    fail(diagnostics::kAttribute, {"dilations", fmt::format("[{}]", fmt::join(dilations, ", ")), "[1, 1]"});
    return std::nullopt;
  }
  const auto automatic = text("auto_pad", "NOTSET");
  if (automatic.starts_with("SAME")) {
    const auto& frame = shape(input(0));
    const bool upper = automatic == "SAME_UPPER";
    std::tie(pads[0], pads[2]) = same_pads(frame.height, kernel[0], strides[0], upper);
    std::tie(pads[1], pads[3]) = same_pads(frame.width, kernel[1], strides[1], upper);
  }
  const auto as_int = [](std::int64_t value) { return static_cast<int>(value); };
  return ir::Window{as_int(kernel[0]), as_int(kernel[1]), as_int(strides[0]), as_int(strides[1]),
                    as_int(pads[0]),   as_int(pads[1]),   as_int(pads[2]),    as_int(pads[3])};
}

std::optional<std::vector<double>> Reader::per_channel(std::size_t index, const Operand& value) {
  const auto* constant = need_constant(index);
  if (constant == nullptr) return std::nullopt;
  const auto values = reals_of(*constant);
  const auto channels = static_cast<std::size_t>(shape(value).channels);
  const auto& dims = constant->shape;
  const std::size_t from_right = value.flat ? 1 : 3;
  const bool fits = dims.size() >= from_right && values.size() == channels &&
                    dims[dims.size() - from_right] == static_cast<std::int64_t>(channels);
  if (values.size() == 1) return std::vector<double>(channels, values[0]);
  if (fits) return values;
  fail(diagnostics::kConstant,
       {node_->inputs[index], std::to_string(values.size()), std::to_string(channels)});
  return std::nullopt;
}

std::optional<std::vector<float>> Reader::floats(std::size_t index, std::size_t count) {
  const auto* constant = need_constant(index);
  if (constant == nullptr) return std::nullopt;
  const auto values = reals_of(*constant);
  std::vector<float> result(values.size());
  std::ranges::transform(values, result.begin(), [](double v) { return static_cast<float>(v); });
  if (result.size() == 1) result.resize(count, result[0]);
  if (result.size() == count) return result;
  fail(diagnostics::kConstant, {node_->inputs[index], std::to_string(values.size()), std::to_string(count)});
  return std::nullopt;
}

const ir::Shape& Reader::shape(const Operand& operand) const {
  return shapes_[static_cast<std::size_t>(operand.value)];
}

void Reader::define(Operand operand) {
  operands_[node_->outputs[0]] = std::move(operand);
}

std::string Reader::unique_name() const {
  std::string base = node_->name.empty() ? node_->outputs[0] : node_->name;
  if (base.ends_with("_quant")) base.resize(base.size() - std::string_view("_quant").size());
  const bool quantises = node_->op_type.ends_with("Quant");
  if (quantises && !base.ends_with("_codes")) base += "_codes";
  std::string name = base;
  const auto taken = [&](const Step& step) { return step.name == name; };
  for (int k = 2; std::ranges::any_of(graph_.steps, taken); ++k) name = fmt::format("{}_{}", base, k);
  return name;
}

void Reader::append(Operation operation, const std::vector<Operand>& inputs, bool flat) {
  Step step{unique_name(), std::move(operation), {}};
  std::vector<ir::Shape> in;
  for (const Operand& operand : inputs) {
    step.inputs.push_back(operand.value);
    in.push_back(shape(operand));
  }
  const auto made = shape_of(step, in);
  if (!made) {
    errors_.insert(errors_.end(), made.errors().begin(), made.errors().end());
    return;
  }
  constexpr std::int64_t kMost = 1 << 24;
  if (made->elements() < 1 || made->elements() > kMost)
    return fail(diagnostics::kShape,
                {"a result", fmt::format("{} elements", made->elements()), fmt::format("1 to {}", kMost)});
  graph_.steps.push_back(std::move(step));
  shapes_.push_back(*made);
  define({nullptr, {}, graph_.output(), flat});
}

}  // namespace bitmason::graph
