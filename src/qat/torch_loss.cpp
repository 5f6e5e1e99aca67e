#include "qat/torch_loss_internal.hpp"

namespace bitmason::qat {

at::Tensor loss_of(const at::Tensor& outputs, const at::Tensor& labels, const at::Tensor& teacher,
                   const Distillation& how) {
  if (how.share == 0) return at::cross_entropy_loss(outputs, labels);
  const auto wanted = at::log_softmax(teacher / how.temperature, 1);
  const auto found = at::log_softmax(outputs / how.temperature, 1);
  const auto divergence = (wanted.exp() * (wanted - found)).sum(1).mean();
  const auto distilled = divergence * (how.share * how.temperature * how.temperature);
  if (how.share == 1) return distilled;
  return at::cross_entropy_loss(outputs, labels) * (1 - how.share) + distilled;
}

}  // namespace bitmason::qat
