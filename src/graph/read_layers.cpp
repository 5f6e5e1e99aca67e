#include <fmt/format.h>

#include <algorithm>

#include "graph/reader_internal.hpp"

/// Handlers of layers with weights, norms and arithmetic.
namespace bitmason::graph {

namespace {

std::vector<float> to_floats(const std::vector<double>& values) {
  std::vector<float> floats(values.size());
  std::ranges::transform(values, floats.begin(), [](double v) { return static_cast<float>(v); });
  return floats;
}

/// (I, O) to (O, I).
std::vector<float> transposed(const std::vector<float>& values, std::size_t rows, std::size_t columns) {
  std::vector<float> result(values.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) result[c * rows + r] = values[r * columns + c];
  }
  return result;
}

bool is_float(double value) {
  return static_cast<double>(static_cast<float>(value)) == value;
}

/// The norm with the affine function behind it, where its constants stay floats without rounding.
std::optional<BatchNorm> joined(const BatchNorm& norm, const Affine& affine) {
  BatchNorm result = norm;
  for (std::size_t c = 0; c < norm.gain.size(); ++c) {
    const double gain = double{norm.gain[c]} * affine.factor[c];
    const double scaled = double{norm.offset[c]} * affine.factor[c];
    const double offset = scaled + affine.term[c];
    if (!is_float(gain) || !is_float(offset) || offset - affine.term[c] != scaled) return std::nullopt;
    result.gain[c] = static_cast<float>(gain);
    result.offset[c] = static_cast<float>(offset);
  }
  return result;
}

/// x + b is (x - (-b)): as a mean it needs no rounding when a factor follows.
BatchNorm norm_of(const Affine& affine) {
  const std::size_t channels = affine.factor.size();
  const bool plain = std::ranges::all_of(affine.factor, [](double f) { return f == 1; });
  BatchNorm norm{to_floats(affine.factor), to_floats(affine.term), std::vector<float>(channels, 0),
                 std::vector<float>(channels, 1), 0};
  if (!plain) return norm;
  for (float& value : norm.offset) value = -value;
  std::swap(norm.offset, norm.mean);
  return norm;
}

}  // namespace

bool Reader::need_scales(const Weights& weights) {
  const auto scales = weights.quantiser.scales.size();
  if (scales <= 1 || scales == weights.outputs()) return true;
  fail(diagnostics::kQuantiser, {"number of scales", std::to_string(scales), "1 or one per output"});
  return false;
}

void Reader::read_conv() {
  const auto* constant = need_constant(1);
  if (!need_value(0, false) || constant == nullptr) return;
  if (constant->shape.size() != 4 || constant->size() == 0)
    return fail(diagnostics::kOperand, {"2", fmt::format("of rank {}", constant->shape.size()), "rank 4"});
  Conv conv;
  conv.weights.shape = constant->shape;
  conv.weights.values = to_floats(reals_of(*constant));
  if (const auto& quantiser = input(1).quantiser) conv.weights.quantiser = *quantiser;
  if (!need_scales(conv.weights)) return;
  const std::int64_t groups = integer("group", 1);
  if (groups < 1 || groups > constant->shape[0])
    return fail(diagnostics::kAttribute, {"group", std::to_string(groups), "1 to the outputs"});
  conv.groups = static_cast<int>(groups);
  const auto window = this->window({constant->shape[2], constant->shape[3]});
  if (!window) return;
  if (window->kernel_h != constant->shape[2] || window->kernel_w != constant->shape[3])
    return fail(diagnostics::kAttribute, {"kernel_shape", "another", "the weights' own"});
  conv.window = *window;
  if (has(2)) {
    auto bias = floats(2, conv.weights.outputs());
    if (!bias) return;
    conv.weights.bias = *std::move(bias);
  }
  append(std::move(conv), {input(0)}, false);
}

void Reader::add_linear(const Operand& weights, bool is_transposed, std::vector<float> bias) {
  const auto& constant = *weights.constant;
  if (constant.shape.size() != 2 || constant.size() == 0)
    return fail(diagnostics::kOperand, {"2", fmt::format("of rank {}", constant.shape.size()), "rank 2"});
  Linear linear;
  linear.weights.shape = constant.shape;
  linear.weights.values = to_floats(reals_of(constant));
  if (weights.quantiser) linear.weights.quantiser = *weights.quantiser;
  if (!is_transposed) {
    linear.weights.values = transposed(linear.weights.values, static_cast<std::size_t>(constant.shape[0]),
                                       static_cast<std::size_t>(constant.shape[1]));
    std::swap(linear.weights.shape[0], linear.weights.shape[1]);
  }
  if (!need_scales(linear.weights)) return;
  linear.weights.bias = std::move(bias);
  append(std::move(linear), {input(0)}, true);
}

void Reader::read_gemm() {
  const auto* weights = need_constant(1);
  if (!need_value(0) || weights == nullptr || !need_attribute("transA", 0, 0)) return;
  for (const char* name : {"alpha", "beta"}) {
    if (real(name, 1) != 1)
      return fail(diagnostics::kAttribute, {name, fmt::format("{}", real(name, 1)), "1"});
  }
  const bool is_transposed = integer("transB", 0) != 0;
  std::vector<float> bias;
  if (has(2) && weights->shape.size() == 2) {
    auto given = floats(2, static_cast<std::size_t>(weights->shape[is_transposed ? 0 : 1]));
    if (!given) return;
    bias = *std::move(given);
  }
  add_linear(input(1), is_transposed, std::move(bias));
}

void Reader::read_matmul() {
  if (!need_value(0) || need_constant(1) == nullptr) return;
  if (!input(0).flat) return fail(diagnostics::kOperand, {"1", "of rank 4", "rank 2 (Flatten before it)"});
  add_linear(input(1), false, {});
}

void Reader::read_batch_norm() {
  if (!need_value(0)) return;
  const auto channels = static_cast<std::size_t>(shape(input(0)).channels);
  BatchNorm norm;
  std::vector<float>* const parts[] = {&norm.gain, &norm.offset, &norm.mean, &norm.variance};
  for (std::size_t i = 0; i < 4; ++i) {
    auto values = floats(i + 1, channels);
    if (!values) return;
    *parts[i] = *std::move(values);
  }
  norm.epsilon = real("epsilon", 1e-5F);
  const bool positive =
      std::ranges::all_of(norm.variance, [&](float v) { return double{v} + norm.epsilon > 0; });
  if (!positive)
    return fail(diagnostics::kOperand, {"5", "a variance that is not positive", "a positive variance"});
  append(std::move(norm), {input(0)}, input(0).flat);
}

void Reader::read_add() {
  if (is_constant(0) || is_constant(1)) return read_affine();
  if (!need_value(0) || !need_value(1)) return;
  if (input(0).flat != input(1).flat)
    return fail(diagnostics::kOperand, {"2", "of another rank", "the same"});
  append(Add{}, {input(0), input(1)}, input(0).flat);
}

void Reader::read_affine() {
  const std::string& kind = node_->op_type;
  const std::size_t side = is_constant(0) ? 0 : 1;
  const bool commutes = kind == "Add" || kind == "Mul";
  if (!need_value(commutes ? 1 - side : 0)) return;
  const Operand x = input(1 - side);
  const auto constant = per_channel(side, x);
  if (!constant) return;
  Affine affine{std::vector<double>(constant->size(), 1), std::vector<double>(constant->size(), 0)};
  for (std::size_t c = 0; c < constant->size(); ++c) {
    const double value = (*constant)[c];
    if (kind == "Add") affine.term[c] = value;
    if (kind == "Sub") affine.term[c] = -value;
    if (kind == "Mul") affine.factor[c] = value;
    if (kind == "Div") affine.factor[c] = 1 / value;
  }
  apply(x, affine);
}

void Reader::apply(const Operand& x, const Affine& affine) {
  const bool only_user = uses_[node_->inputs[0]] <= 1 && uses_[node_->inputs[1]] <= 1;
  if (x.value > 0 && x.value == graph_.output() && only_user) {
    Operation& before = graph_.steps.back().operation;
    if (auto* norm = std::get_if<BatchNorm>(&before)) {
      if (auto both = joined(*norm, affine)) {
        *norm = *std::move(both);
        return define(x);
      }
    }
    auto* linear = std::get_if<Linear>(&before);
    if (linear != nullptr && linear->weights.bias.empty() && node_->op_type == "Add") {
      linear->weights.bias = to_floats(affine.term);
      return define(x);
    }
  }
  append(norm_of(affine), {x}, x.flat);
}

}  // namespace bitmason::graph
