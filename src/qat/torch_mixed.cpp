#include "qat/torch_mixed_internal.hpp"

#include <torch/csrc/autograd/custom_function.h>

#include <cassert>

#include "qat/mixed_kernel_internal.hpp"
#include "qat/torch_quantiser_internal.hpp"

namespace bitmason::qat {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

std::vector<MixedForm> forms_of(const at::Tensor& steps, const at::Tensor& weights,
                                const at::Tensor& bounds) {
  const auto s = steps.accessor<float, 1>();
  const auto w = weights.accessor<float, 1>();
  const auto b = bounds.accessor<float, 2>();
  std::vector<MixedForm> forms;
  for (std::int64_t k = 0; k < s.size(0); ++k)
    forms.push_back({.step = {.scale = s[k], .lo = b[k][0], .hi = b[k][1]}, .weight = w[k]});
  return forms;
}

/// Floats only; `bounds` has a row of least and largest code for each width.
struct Mixed : Function<Mixed> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& steps,
                            const at::Tensor& weights, const at::Tensor& bounds) {
    context->save_for_backward({x, steps, weights, bounds});
    const auto dense = x.contiguous();
    auto y = at::empty_like(dense);
    mix_elements(dense.data_ptr<float>(), y.data_ptr<float>(), y.numel(), forms_of(steps, weights, bounds));
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const auto x = saved[0].contiguous();
    const auto gradient = gradients[0].contiguous();
    auto to_x = at::empty_like(x);
    const auto forms = forms_of(saved[1], saved[2], saved[3]);
    std::vector<MixedGradient> results(forms.size());
    mix_gradients(x.data_ptr<float>(), gradient.data_ptr<float>(), to_x.data_ptr<float>(), x.numel(), forms,
                  results);
    auto to_steps = at::empty_like(saved[1]);
    auto to_weights = at::empty_like(saved[2]);
    for (std::size_t k = 0; k < results.size(); ++k) {
      to_steps.data_ptr<float>()[k] = static_cast<float>(results[k].to_scale);
      to_weights.data_ptr<float>()[k] = static_cast<float>(results[k].to_weight);
    }
    return {to_x, to_steps, to_weights, at::Tensor()};
  }
};

}  // namespace

at::Tensor mixed(const at::Tensor& x, const at::Tensor& steps, const at::Tensor& weights,
                 const std::vector<IntRange>& ranges) {
  assert(steps.dim() == 1 && steps.numel() == static_cast<std::int64_t>(ranges.size()));
  assert(weights.sizes() == steps.sizes() && ranges.size() <= kMostWidths);
  const bool floats = x.scalar_type() == at::kFloat && steps.scalar_type() == at::kFloat &&
                      weights.scalar_type() == at::kFloat;
  if (floats) {
    auto bounds = at::empty({steps.numel(), 2}, at::kFloat);
    for (std::size_t k = 0; k < ranges.size(); ++k) {
      bounds.data_ptr<float>()[2 * k] = static_cast<float>(ranges[k].lo);
      bounds.data_ptr<float>()[2 * k + 1] = static_cast<float>(ranges[k].hi);
    }
    return Mixed::apply(x, steps.contiguous(), weights.contiguous(), bounds);
  }
  at::Tensor sum = at::zeros_like(x);
  for (std::int64_t k = 0; k < steps.numel(); ++k) {
    const IntRange& range = ranges[static_cast<std::size_t>(k)];
    sum = sum + weights[k] * quantise(x, steps.slice(0, k, k + 1), static_cast<double>(range.lo),
                                      static_cast<double>(range.hi));
  }
  return sum;
}

}  // namespace bitmason::qat
