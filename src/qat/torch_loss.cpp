#include "qat/torch_loss_internal.hpp"

#include <cmath>

namespace bitmason::qat {
namespace {

/// The IoU sees logarithms of sizes up to it, so that no box is infinitely large.
constexpr double kMostLog = 4;

/// Corners of boxes, (N) each.
struct Corners {
  at::Tensor left, right, top, bottom;

  [[nodiscard]] at::Tensor area() const { return (right - left).clamp_min(0) * (bottom - top).clamp_min(0); }
};

at::Tensor generalised_iou(const Corners& a, const Corners& b) {
  const Corners common{at::maximum(a.left, b.left), at::minimum(a.right, b.right), at::maximum(a.top, b.top),
                       at::minimum(a.bottom, b.bottom)};
  const Corners hull{at::minimum(a.left, b.left), at::maximum(a.right, b.right), at::minimum(a.top, b.top),
                     at::maximum(a.bottom, b.bottom)};
  const auto both = common.area();
  const auto either = a.area() + b.area() - both;
  const auto around = hull.area();
  return both / either.clamp_min(1e-6) - (around - either) / around.clamp_min(1e-6);
}

}  // namespace

at::Tensor class_loss(const at::Tensor& outputs, const at::Tensor& labels, const at::Tensor& teacher,
                      const Distillation& how) {
  if (how.share == 0) return at::cross_entropy_loss(outputs, labels);
  const auto wanted = at::log_softmax(teacher / how.temperature, 1);
  const auto found = at::log_softmax(outputs / how.temperature, 1);
  const auto divergence = (wanted.exp() * (wanted - found)).sum(1).mean();
  const auto distilled = divergence * (how.share * how.temperature * how.temperature);
  if (how.share == 1) return distilled;
  return at::cross_entropy_loss(outputs, labels) * (1 - how.share) + distilled;
}

at::Tensor box_loss(const at::Tensor& outputs, const at::Tensor& boxes, const BoxHead& head) {
  const auto cells = static_cast<std::int64_t>(head.cells());
  const auto fields = outputs.view({outputs.size(0), head.anchors, BoxHead::kFields, cells});
  const auto corner = boxes.unbind(1);
  const auto index = [](const at::Tensor& centre, double cell, int count) {
    return (centre / cell).floor().to(at::kLong).clamp(0, count - 1);
  };
  const auto column = index((corner[0] + corner[1]) / 2, head.cell_width, head.columns);
  const auto row = index((corner[2] + corner[3]) / 2, head.cell_height, head.rows);
  const auto cell = row * head.columns + column;
  const auto confidences = fields.select(2, BoxHead::kConfidence).sum(1);
  // Of the object's cell, (N, anchors, fields).
  const auto at_cell =
      fields.gather(3, cell.view({-1, 1, 1, 1}).expand({-1, head.anchors, BoxHead::kFields, 1})).squeeze(3);
  const auto place = [&](int field, const at::Tensor& which, double size) {
    return (at_cell.select(2, field).sigmoid().mean(1) + which) * size;
  };
  // Logarithm of the anchors' mean size, in units of the prior.
  const auto log_size = [&](int field) {
    return at_cell.select(2, field).logsumexp({1}) - std::log(static_cast<double>(head.anchors));
  };
  const auto corners = [](const at::Tensor& x, const at::Tensor& y, const at::Tensor& width,
                          const at::Tensor& height) {
    return Corners{x - width / 2, x + width / 2, y - height / 2, y + height / 2};
  };
  const auto bounded = [](const at::Tensor& log) { return log.clamp(-kMostLog, kMostLog).exp(); };
  const double prior_width = BoxHead::kPriorCells * head.cell_width;
  const double prior_height = BoxHead::kPriorCells * head.cell_height;
  const auto width = log_size(2);
  const auto height = log_size(3);
  const auto iou = generalised_iou(corners(place(0, column, head.cell_width), place(1, row, head.cell_height),
                                           bounded(width) * prior_width, bounded(height) * prior_height),
                                   Corners{corner[0], corner[1], corner[2], corner[3]});
  const auto wanted = [](const at::Tensor& low, const at::Tensor& high, double prior) {
    return ((high - low).clamp_min(1) / prior).log();
  };
  const auto sizes = at::smooth_l1_loss(width, wanted(corner[0], corner[1], prior_width)) +
                     at::smooth_l1_loss(height, wanted(corner[2], corner[3], prior_height));
  return at::cross_entropy_loss(confidences, cell) + (1 - iou).mean() + sizes;
}

Objective::Objective(const graph::Graph& graph, const data::ImageSet& images, const Distillation& how)
    : how_(how) {
  if (!images.boxes.empty()) head_ = *box_head(graph);
}

at::Tensor Objective::loss(const at::Tensor& outputs, const at::Tensor& targets,
                           const at::Tensor& teacher) const {
  if (head_) return box_loss(outputs, targets, *head_);
  return class_loss(outputs.flatten(1), targets, teacher, how_);
}

double Objective::right(const at::Tensor& outputs, const at::Tensor& targets) const {
  if (!head_) return outputs.flatten(1).argmax(1).eq(targets).sum().item<double>();
  const auto real = outputs.detach().flatten(1).to(at::kDouble).contiguous();
  const auto wanted = targets.to(at::kDouble).contiguous();
  const auto size = static_cast<std::size_t>(real.size(1));
  double sum = 0;
  for (std::int64_t i = 0; i < real.size(0); ++i) {
    const auto* box = wanted.data_ptr<double>() + 4 * i;
    sum += data::iou(head_->box_of({real.data_ptr<double>() + i * real.size(1), size}),
                     {box[0], box[1], box[2], box[3]});
  }
  return sum;
}

}  // namespace bitmason::qat
