#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <vector>

#include "graph/graph.hpp"
#include "ir/scalar_function.hpp"
#include "qat/integer_evaluation.hpp"

/// Private to the room: a quantised network as integer operators on tensors.
namespace bitmason::qat {

/// Integers in [range.lo, range.hi] and the exact function that gives their real values.
struct IntegerValue {
  IntRange range;
  ir::ScalarFunction real;
  int channels = 1;
};

/// The scale where the real value is scale * code; nothing for other functions.
std::optional<Rational> plain_scale(const IntegerValue& value);

using IntegerStep = std::function<at::Tensor(const std::vector<at::Tensor>& in)>;

/// Every step as a function of codes of shape (N, C, H, W).
class IntegerNetwork {
 public:
  /// Errors: BM-QAT-026, 027. Precondition: graph::shapes(graph).ok(), all scales are chosen.
  static Result<IntegerNetwork> create(const graph::Graph& graph);

  /// Codes of every value, the pixels (N, C, H, W) first.
  [[nodiscard]] std::vector<at::Tensor> run(const at::Tensor& pixels) const;

 private:
  std::vector<IntegerStep> steps_;
  std::vector<std::vector<int>> inputs_;
};

/// Narrowest type whose integers reach beyond the range on both sides.
at::ScalarType exact_type(const IntRange& range);

/// Replaces sums (N, C, H, W) of float or double by codes.
at::Tensor requantised(const at::Tensor& sums, const ir::Thresholds& steps);

/// Sums of a layer with weights, in the type that holds them; windows as columns and one matrix product: no
/// algorithm that trades multiplications for rounding.
IntegerStep integer_product(const graph::Step& step, const IntRange& sums,
                            const std::vector<std::int64_t>& bias);

/// Range of the sums of codes in `in` and 0 (padding) with the weights.
IntRange sum_range(const graph::Weights& weights, const IntRange& in);

}  // namespace bitmason::qat
