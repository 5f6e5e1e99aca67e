#include "qat/torch_quantiser_internal.hpp"

#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include "qat/step_kernel_internal.hpp"

namespace bitmason::qat {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

/// Whether the kernel for one step takes the tensors.
bool has_kernel(const at::Tensor& x, const at::Tensor& scale) {
  return scale.numel() == 1 && x.scalar_type() == at::kFloat && scale.scalar_type() == at::kFloat;
}

StepForm form_of(const at::Tensor& scale, double lo, double hi) {
  return {scale.item<float>(), static_cast<float>(lo), static_cast<float>(hi)};
}

at::Tensor quantised(const at::Tensor& x, const at::Tensor& scale, double lo, double hi) {
  if (!has_kernel(x, scale)) return (x / scale).clamp_(lo, hi).round_().mul_(scale);
  const auto dense = x.contiguous();
  auto y = at::empty_like(dense);
  quantise_elements(dense.data_ptr<float>(), y.data_ptr<float>(), y.numel(), form_of(scale, lo, hi));
  return y;
}

struct Quantise : Function<Quantise> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& scale, double lo,
                            double hi) {
    context->save_for_backward({x, scale});
    context->saved_data["lo"] = lo;
    context->saved_data["hi"] = hi;
    return quantised(x, scale, lo, hi);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const double lo = context->saved_data["lo"].toDouble();
    const double hi = context->saved_data["hi"].toDouble();
    if (has_kernel(saved[0], saved[1])) {
      const auto x = saved[0].contiguous();
      const auto gradient = gradients[0].contiguous();
      auto to_x = at::empty_like(x);
      const double to_scale =
          quantise_gradients(x.data_ptr<float>(), gradient.data_ptr<float>(), to_x.data_ptr<float>(),
                             x.numel(), form_of(saved[1], lo, hi));
      return {to_x, at::full_like(saved[1], to_scale), at::Tensor(), at::Tensor()};
    }
    const auto ratio = saved[0] / saved[1];
    const auto inside = ratio.ge(lo).logical_and_(ratio.le(hi));
    const auto to_x = gradients[0] * inside;
    const auto step = ratio.clamp(lo, hi).round_() - ratio * inside;
    const auto to_scale = (gradients[0] * step).sum_to_size(saved[1].sizes());
    return {to_x, to_scale, at::Tensor(), at::Tensor()};
  }
};

struct Bipolar : Function<Bipolar> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& scale) {
    context->save_for_backward({x, scale});
    return at::where(x.lt(0), -scale, scale);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const auto inside = saved[0].abs().le(saved[1]);
    const auto sign = at::where(saved[0].lt(0), -gradients[0], gradients[0]);
    return {gradients[0] * inside, sign.sum_to_size(saved[1].sizes())};
  }
};

struct NearestPowerOfTwo : Function<NearestPowerOfTwo> {
  static at::Tensor forward(AutogradContext*, const at::Tensor& x) { return at::exp2(x.log2().round_()); }
  static variable_list backward(AutogradContext*, const variable_list& gradients) { return {gradients[0]}; }
};

struct GradientScale : Function<GradientScale> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, double factor) {
    context->saved_data["factor"] = factor;
    return x.clone();
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    return {gradients[0] * context->saved_data["factor"].toDouble(), at::Tensor()};
  }
};

}  // namespace

double step_gradient_scale(std::int64_t elements, double largest_code) {
  return 1 / std::sqrt(static_cast<double>(elements) * largest_code);
}

at::Tensor quantise(const at::Tensor& x, const at::Tensor& scale, double lo, double hi) {
  return Quantise::apply(x, scale, lo, hi);
}

at::Tensor bipolar(const at::Tensor& x, const at::Tensor& scale) {
  return Bipolar::apply(x, scale);
}

at::Tensor nearest_power_of_two(const at::Tensor& x) {
  return NearestPowerOfTwo::apply(x);
}

at::Tensor with_gradient_scale(const at::Tensor& x, double factor) {
  return GradientScale::apply(x, factor);
}

QuantiserFunction learned_step(const graph::Quantise& form) {
  const auto lo = static_cast<double>(form.range().lo);
  const auto hi = static_cast<double>(form.range().hi);
  return [lo, hi](const at::Tensor& x, const at::Tensor& step) {
    const double factor = step_gradient_scale(x.numel() / x.size(0), hi);
    return quantise(x, with_gradient_scale(step, factor), lo, hi);
  };
}

QuantiserFunction learned_step(const graph::WeightQuantiser& form, bool power_of_two) {
  const auto lo = static_cast<double>(form.range().lo);
  const auto hi = static_cast<double>(form.range().hi);
  return [lo, hi, power_of_two, one_bit = form.bits == 1](const at::Tensor& x, const at::Tensor& step) {
    auto scale = with_gradient_scale(step, step_gradient_scale(x.numel() / step.numel(), hi));
    if (power_of_two) scale = nearest_power_of_two(scale);
    return one_bit ? bipolar(x, scale) : quantise(x, scale, lo, hi);
  };
}

at::Tensor initial_step(const at::Tensor& x, const IntRange& range, bool per_channel) {
  constexpr double kLeast = 1e-8;
  const auto size = per_channel ? x.abs().flatten(1).mean(1) : x.abs().mean().reshape({1});
  const double factor = 2 / std::sqrt(static_cast<double>(range.hi));
  std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
  shape[0] = size.numel();
  return (size * factor).clamp_min(kLeast).reshape(shape);
}

}  // namespace bitmason::qat
