#pragma once

#include <ATen/ATen.h>

#include <optional>

#include "qat/box_head.hpp"
#include "qat/trainer.hpp"

/// Private to the room: what training makes small.
namespace bitmason::qat {

/// Mean over the images of (1 - share) times the cross entropy with the labels plus share * T^2 times the
/// Kullback-Leibler divergence of softmax(outputs / T) from softmax(teacher / T): T^2 keeps the gradients of
/// both in proportion. Outputs have shape (N, classes); `teacher` is not used where the share is 0.
at::Tensor class_loss(const at::Tensor& outputs, const at::Tensor& labels, const at::Tensor& teacher,
                      const Distillation& how);

/// Mean over the images of the cross entropy of the cells' confidences with the cell of the box's centre,
/// plus 1 - the generalised IoU (Rezatofighi et al., CVPR 2019) of that cell's box, plus the smooth L1 loss
/// of the logarithms of its width and height, which leads back from sizes so wrong that the IoU is flat.
/// Outputs as BoxHead has them, behind N images; boxes (N, 4) in pixels: x_min, x_max, y_min, y_max.
at::Tensor box_loss(const at::Tensor& outputs, const at::Tensor& boxes, const BoxHead& head);

/// Classes where the images have labels, the place of an object where they have boxes.
class Objective {
 public:
  /// Precondition: check_images(graph, images).
  Objective(const graph::Graph& graph, const data::ImageSet& images, const Distillation& how);

  /// `targets` as EpochBatches give them. A scalar.
  [[nodiscard]] at::Tensor loss(const at::Tensor& outputs, const at::Tensor& targets,
                                const at::Tensor& teacher) const;
  /// Images whose class is right, or the sum of the boxes' IoU.
  [[nodiscard]] double right(const at::Tensor& outputs, const at::Tensor& targets) const;

 private:
  std::optional<BoxHead> head_;
  Distillation how_;
};

}  // namespace bitmason::qat
