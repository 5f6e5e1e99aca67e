#include "qat/integer_network_internal.hpp"

#include <algorithm>

#include "graph/write.hpp"
#include "qat/diagnostics.hpp"
#include "qat/torch_windows_internal.hpp"

namespace bitmason::qat {
namespace {

ir::AffineStep scaled(const Rational& scale) {
  return {{scale}, {Rational(0)}};
}

ir::AffineStep affine_of(const graph::BatchNorm& norm) {
  ir::AffineStep affine;
  for (std::size_t c = 0; c < norm.gain.size(); ++c) {
    const auto spread =
        (Rational::from_double(norm.variance[c]) + Rational::from_double(static_cast<float>(norm.epsilon)))
            .square_root();
    const auto gain = Rational::from_double(norm.gain[c]) / spread;
    affine.scale.push_back(gain);
    affine.offset.push_back(Rational::from_double(norm.offset[c]) -
                            gain * Rational::from_double(norm.mean[c]));
  }
  return affine;
}

/// Makes the integer operator of each step and follows ranges and real values.
class Builder {
 public:
  explicit Builder(const graph::Graph& graph) : graph_(graph) {
    const auto pixel = Rational::from_double(graph.pixel);
    values_ = {{IntRange::unsigned_bits(8), {scaled(pixel)}, graph.input.channels}};
  }

  /// Nothing where the step is refused; `errors` then says why.
  IntegerStep add(const graph::Step& step) {
    step_ = &step;
    result_ = in(0);
    auto made = std::visit([&](const auto& operation) { return (*this)(operation); }, step.operation);
    values_.push_back(result_);
    return made;
  }
  Diagnostics errors;

 private:
  [[nodiscard]] const IntegerValue& in(std::size_t index) const {
    return values_[static_cast<std::size_t>(step_->inputs[index])];
  }

  /// The scale of a layer's codes.
  Rational need_plain(std::size_t index) {
    if (auto scale = plain_scale(in(index))) return *scale;
    errors.push_back(make_diagnostic(diagnostics::kRealInput, step_->name));
    return 1;
  }

  IntegerStep operator()(const graph::Conv& conv) { return product(conv.weights); }
  IntegerStep operator()(const graph::Linear& linear) { return product(linear.weights); }

  IntegerStep product(const graph::Weights& weights) {
    const auto scale = need_plain(0);
    const bool last = step_ == &graph_.steps.back();
    ir::AffineStep real;
    for (std::size_t o = 0; o < weights.outputs(); ++o) {
      const auto& scales = weights.quantiser.scales;
      real.scale.push_back(Rational::from_double(scales[scales.size() == 1 ? 0 : o]) * scale);
      const bool has_bias = !last && !weights.bias.empty();
      real.offset.push_back(has_bias ? Rational::from_double(weights.bias[o]) : Rational(0));
    }
    const IntRange sums = sum_range(weights, in(0).range);
    result_ = {sums, {real}, static_cast<int>(weights.outputs())};
    return integer_product(*step_, sums, last ? graph::output_bias(graph_) : std::vector<std::int64_t>{});
  }

  IntegerStep operator()(const graph::BatchNorm& norm) {
    result_.real.emplace_back(affine_of(norm));
    return pass();
  }
  IntegerStep operator()(const graph::Relu&) {
    result_.real.emplace_back(ir::ReluStep{});
    return pass();
  }
  IntegerStep operator()(const graph::MaxPool& pool) {
    need_plain(0);
    return [window = pool.window](const auto& x) { return max_pool(x[0], window); };
  }
  IntegerStep operator()(const graph::AveragePool& pool) {
    const auto scale = need_plain(0);
    const std::int64_t count = std::int64_t{pool.window.kernel_h} * pool.window.kernel_w;
    result_.range = (in(0).range.united({0, 0})) * count;
    result_.real = {scaled(scale / Rational(count))};
    return [window = pool.window, type = exact_type(result_.range)](const auto& x) {
      return sum_pool(x[0].to(type), window);
    };
  }
  IntegerStep operator()(const graph::Add&) {
    const Rational a = need_plain(0);
    const Rational b = need_plain(1);
    const Rational unit = Rational::gcd(a, b);
    constexpr std::int64_t kMost = 1 << 16;
    const auto left = (a / unit).to_int64().value_or(kMost + 1);
    const auto right = (b / unit).to_int64().value_or(kMost + 1);
    if (left > kMost || right > kMost)
      errors.push_back(make_diagnostic(diagnostics::kSumScales, step_->name, {a.to_string(), b.to_string()}));
    result_.range = in(0).range * IntRange{left, left} + in(1).range * IntRange{right, right};
    result_.real = {scaled(unit)};
    return [left, right, type = exact_type(result_.range)](const auto& x) {
      return x[0].to(type) * static_cast<double>(left) + x[1].to(type) * static_cast<double>(right);
    };
  }
  IntegerStep operator()(const graph::Concat&) {
    const Rational scale = need_plain(0);
    for (std::size_t i = 1; i < step_->inputs.size(); ++i) {
      const Rational other = need_plain(i);
      if (other != scale)
        errors.push_back(
            make_diagnostic(diagnostics::kSumScales, step_->name, {scale.to_string(), other.to_string()}));
      result_.range = result_.range.united(in(i).range);
      result_.channels += in(i).channels;
    }
    return [](const auto& x) { return at::cat(x, 1); };
  }
  IntegerStep operator()(const graph::SpaceToDepth& depth) {
    need_plain(0);
    result_.channels *= depth.block * depth.block;
    return [block = depth.block](const auto& x) { return space_to_depth(x[0], block); };
  }
  IntegerStep operator()(const graph::Flatten&) {
    need_plain(0);
    const auto all = graph::shapes(graph_);
    const auto value = static_cast<std::size_t>(step_ - graph_.steps.data()) + 1;
    result_.channels = (*all)[value].channels;
    return [](const auto& x) { return x[0].reshape({x[0].size(0), -1, 1, 1}); };
  }
  IntegerStep operator()(const graph::Quantise& quantise) {
    const auto scale = Rational::from_double(graph_.scales[static_cast<std::size_t>(quantise.scale)]);
    const IntRange range = quantise.range();
    const auto same = plain_scale(in(0));
    result_ = {range, {scaled(scale)}, in(0).channels};
    if (same && *same == scale && range.contains(in(0).range)) return pass();
    ir::ScalarFunction function = in(0).real;
    function.emplace_back(scaled(Rational(1) / scale));
    function.emplace_back(ir::ClampStep{range.lo, range.hi});
    function.emplace_back(ir::RoundStep{Rounding::HalfEven});
    auto steps = ir::to_thresholds(function, in(0).range, range, in(0).channels);
    return [steps = std::move(steps), type = exact_type(in(0).range)](const auto& x) {
      return requantised(x[0].to(type), steps).to(at::kFloat);
    };
  }
  static IntegerStep pass() {
    return [](const auto& x) { return x[0]; };
  }

  const graph::Graph& graph_;
  std::vector<IntegerValue> values_;
  const graph::Step* step_ = nullptr;
  IntegerValue result_;
};

}  // namespace

std::optional<Rational> plain_scale(const IntegerValue& value) {
  const auto* affine = value.real.size() == 1 ? std::get_if<ir::AffineStep>(&value.real[0]) : nullptr;
  if (affine == nullptr || affine->scale.size() != 1 || affine->offset[0].sign() != 0) return std::nullopt;
  return affine->scale[0];
}

Result<IntegerNetwork> IntegerNetwork::create(const graph::Graph& graph) {
  Builder builder(graph);
  IntegerNetwork network;
  for (const auto& step : graph.steps) {
    network.steps_.push_back(builder.add(step));
    network.inputs_.push_back(step.inputs);
    if (!builder.errors.empty()) return builder.errors;
  }
  return network;
}

std::vector<at::Tensor> IntegerNetwork::run(const at::Tensor& pixels) const {
  std::vector<at::Tensor> values{pixels};
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    std::vector<at::Tensor> in;
    for (const int input : inputs_[i]) in.push_back(values[static_cast<std::size_t>(input)]);
    values.push_back(steps_[i](in));
  }
  return values;
}

}  // namespace bitmason::qat
