#include <algorithm>
#include <cassert>
#include <span>

#include "qat/integer_network_internal.hpp"
#include "qat/torch_windows_internal.hpp"

namespace bitmason::qat {
namespace {

/// Replaces the sums of one channel and frame by codes.
template <class Real>
void requantise_plane(std::span<Real> plane, const ir::Thresholds& steps, int row,
                      std::vector<Real>& passed) {
  passed.assign(plane.size(), 0);
  for (const auto threshold : steps.row(row)) {
    const auto limit = static_cast<Real>(threshold);
    for (std::size_t i = 0; i < plane.size(); ++i) passed[i] += plane[i] >= limit ? Real{1} : Real{0};
  }
  const bool falls = steps.decreasing[static_cast<std::size_t>(row)] != 0;
  const auto base = static_cast<Real>(falls ? steps.output.hi : steps.output.lo);
  for (std::size_t i = 0; i < plane.size(); ++i) plane[i] = falls ? base - passed[i] : base + passed[i];
}

template <class Real>
void requantise(const at::Tensor& sums, const ir::Thresholds& steps) {
  const auto size = static_cast<std::size_t>(sums.size(2) * sums.size(3));
  std::vector<Real> passed;
  auto* data = sums.data_ptr<Real>();
  for (std::int64_t plane = 0; plane < sums.size(0) * sums.size(1); ++plane, data += size) {
    const auto channel = static_cast<int>(plane % sums.size(1));
    requantise_plane(std::span(data, size), steps, steps.rows == 1 ? 0 : channel, passed);
  }
}

/// What a convolution needs beside its codes.
struct Product {
  at::Tensor weights;  ///< (groups, outputs / groups, taps)
  at::Tensor bias;     ///< (1, O, 1, 1), or undefined
  ir::Window window;
  at::ScalarType type = at::kFloat;

  at::Tensor operator()(const std::vector<at::Tensor>& in) const {
    const auto x = padded(in[0].to(type), window, 0);
    const auto groups = weights.size(0);
    const auto rows = (x.size(2) - window.kernel_h) / window.stride_h + 1;
    const auto columns = (x.size(3) - window.kernel_w) / window.stride_w + 1;
    const auto taps =
        at::im2col(x, {window.kernel_h, window.kernel_w}, {1, 1}, {0, 0}, {window.stride_h, window.stride_w});
    const auto sums = groups == 1
                          ? weights[0].matmul(taps)
                          : weights.matmul(taps.reshape({x.size(0), groups, weights.size(2), taps.size(2)}));
    const auto shaped = sums.reshape({x.size(0), -1, rows, columns});
    return bias.defined() ? shaped + bias : shaped;
  }
};

}  // namespace

at::ScalarType exact_type(const IntRange& range) {
  constexpr std::int64_t kFloatIntegers = std::int64_t{1} << 24;
  [[maybe_unused]] constexpr std::int64_t kDoubleIntegers = std::int64_t{1} << 53;
  // 2^24 products of 8 bits each stay below.
  assert((IntRange{-kDoubleIntegers, kDoubleIntegers}.contains(range)));
  return IntRange{1 - kFloatIntegers, kFloatIntegers - 1}.contains(range) ? at::kFloat : at::kDouble;
}

at::Tensor requantised(const at::Tensor& sums, const ir::Thresholds& steps) {
  const auto codes = sums.clone(at::MemoryFormat::Contiguous);
  codes.scalar_type() == at::kFloat ? requantise<float>(codes, steps) : requantise<double>(codes, steps);
  return codes;
}

IntRange sum_range(const graph::Weights& weights, const IntRange& in) {
  const auto codes = graph::codes_of(weights);
  const IntRange padded_in = in.united({0, 0});
  IntRange range;
  for (std::size_t o = 0; o < weights.outputs(); ++o) {
    IntRange sum;
    for (std::size_t i = o * weights.fan_in(); i < (o + 1) * weights.fan_in(); ++i)
      sum = sum + padded_in * IntRange{codes[i], codes[i]};
    range = range.united(sum);
  }
  return range;
}

IntegerStep integer_product(const graph::Step& step, const IntRange& sums,
                            const std::vector<std::int64_t>& bias) {
  const graph::Weights& weights = *step.weights();
  const auto* conv = std::get_if<graph::Conv>(&step.operation);
  IntRange most = sums;
  for (const auto code : bias) most = most.united(sums + IntRange{code, code});
  const auto type = exact_type(most);
  const std::int64_t groups = conv == nullptr ? 1 : conv->groups;
  Product product{.weights = at::tensor(graph::codes_of(weights), at::kInt)
                                 .to(type)
                                 .reshape({groups, weights.shape[0] / groups, -1}),
                  .window = conv == nullptr ? ir::Window{} : conv->window,
                  .type = type};
  if (!bias.empty()) product.bias = at::tensor(bias, at::kLong).to(type).reshape({1, -1, 1, 1});
  return product;
}

}  // namespace bitmason::qat
