#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "qat/trainer.hpp"

/// Private to the room: processes that train one network together.
namespace bitmason::qat {

/// Averages tensors over a group with c10d's Gloo. Without a group of several there is nothing to do.
class Workers {
 public:
  /// Meets the others of the group. Errors: BM-QAT-048.
  static Result<Workers> meet(const WorkerGroup& group);

  /// Replaces each tensor by its mean over the workers; all call it with tensors of the same shapes. Errors:
  /// BM-QAT-049 where one of them is gone.
  [[nodiscard]] Status average(const std::vector<at::Tensor>& tensors) const;

 private:
  /// The group's sum of a tensor, in place; throws as c10d does.
  std::function<void(at::Tensor&)> sum_;
  int count_ = 1;
};

}  // namespace bitmason::qat
