#include "qat/torch_quantiser_internal.hpp"

#include <torch/csrc/autograd/custom_function.h>

namespace bitmason::qat {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

struct Quantise : Function<Quantise> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& scale, double lo,
                            double hi) {
    context->save_for_backward({x, scale});
    context->saved_data["lo"] = lo;
    context->saved_data["hi"] = hi;
    return (x / scale).clamp_(lo, hi).round_().mul_(scale);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const double lo = context->saved_data["lo"].toDouble();
    const double hi = context->saved_data["hi"].toDouble();
    const auto ratio = saved[0] / saved[1];
    const auto inside = ratio.ge(lo).logical_and_(ratio.le(hi));
    const auto to_x = gradients[0] * inside;
    const auto step = ratio.clamp(lo, hi).round_() - ratio * inside;
    const auto to_scale = (gradients[0] * step).sum_to_size(saved[1].sizes());
    return {to_x, to_scale, at::Tensor(), at::Tensor()};
  }
};

struct QuantisedRelu : Function<QuantisedRelu> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, double scale, double hi) {
    context->save_for_backward({x.gt(0).logical_and_(x.lt(hi * scale))});
    return (x / scale).clamp_(0, hi).round_().mul_(scale);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    return {gradients[0] * context->get_saved_variables()[0], at::Tensor(), at::Tensor()};
  }
};

struct RoundThrough : Function<RoundThrough> {
  static at::Tensor forward(AutogradContext*, const at::Tensor& x) { return x.round(); }
  static variable_list backward(AutogradContext*, const variable_list& gradients) { return {gradients[0]}; }
};

}  // namespace

at::Tensor quantise(const at::Tensor& x, const at::Tensor& scale, double lo, double hi) {
  return Quantise::apply(x, scale, lo, hi);
}

at::Tensor quantised_relu(const at::Tensor& x, double scale, double hi) {
  return QuantisedRelu::apply(x, scale, hi);
}

at::Tensor round_through(const at::Tensor& x) {
  return RoundThrough::apply(x);
}

}  // namespace bitmason::qat
