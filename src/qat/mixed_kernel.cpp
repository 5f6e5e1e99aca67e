#include "qat/mixed_kernel_internal.hpp"

#include <array>
#include <cassert>
#include <vector>

#include "qat/block_pass_internal.hpp"

namespace bitmason::qat {
namespace {

/// Elements that stay in the first cache while every width passes them.
constexpr std::int64_t kTile = 512;
/// Sums side by side, so that the compiler may use vectors without reordering any of them.
constexpr std::int64_t kLanes = 16;

/// Adds one width's share of a tile.
void mix_tile(const float* x, float* y, std::int64_t length, const MixedForm& form) {
  const auto& [scale, lo, hi] = form.step;
  const float unit = form.weight * scale;
  for (std::int64_t i = 0; i < length; ++i) y[i] += rounded(std::min(std::max(x[i] / scale, lo), hi)) * unit;
}

/// Sums of one width over a tile, beside which to_x gathers the elements that lie inside its range.
struct TileSums {
  std::array<float, kLanes> to_scale{};
  std::array<float, kLanes> to_weight{};
};

void gradient_tile(const float* x, const float* gradient, float* inside, std::int64_t length,
                   const MixedForm& form, TileSums& sums) {
  const auto& [scale, lo, hi] = form.step;
  const auto pass = [&](std::int64_t i, std::size_t lane) {
    const float ratio = x[i] / scale;
    const float clamped = std::min(std::max(ratio, lo), hi);
    const float code = rounded(clamped);
    const bool within = clamped == ratio;
    inside[i] += within ? form.weight : 0;
    sums.to_weight[lane] += gradient[i] * code;
    sums.to_scale[lane] += gradient[i] * (code - (within ? ratio : 0));
  };
  std::int64_t i = 0;
  for (; i + kLanes <= length; i += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) pass(i + lane, static_cast<std::size_t>(lane));
  }
  for (; i < length; ++i) pass(i, 0);
}

double total(const std::array<float, kLanes>& lanes) {
  double sum = 0;
  for (const float lane : lanes) sum += lane;
  return sum;
}

/// One block of the backward pass; the results are the block's own.
void block_gradients(const float* x, const float* gradient, float* to_x, std::int64_t count,
                     std::span<const MixedForm> forms, std::span<MixedGradient> results) {
  for (std::int64_t first = 0; first < count; first += kTile) {
    const std::int64_t length = std::min(kTile, count - first);
    std::fill_n(to_x + first, length, 0.0F);
    for (std::size_t k = 0; k < forms.size(); ++k) {
      TileSums sums;
      gradient_tile(x + first, gradient + first, to_x + first, length, forms[k], sums);
      results[k].to_scale += total(sums.to_scale);
      results[k].to_weight += total(sums.to_weight);
    }
    for (std::int64_t i = first; i < first + length; ++i) to_x[i] *= gradient[i];
  }
}

}  // namespace

void mix_elements(const float* x, float* y, std::int64_t count, std::span<const MixedForm> forms) {
  assert(forms.size() <= kMostWidths);
  for_each_block(count, [&](std::int64_t, std::int64_t first, std::int64_t length) {
    for (std::int64_t at = first; at < first + length; at += kTile) {
      const std::int64_t tile = std::min(kTile, first + length - at);
      std::fill_n(y + at, tile, 0.0F);
      for (const MixedForm& form : forms) mix_tile(x + at, y + at, tile, form);
    }
  });
}

void mix_gradients(const float* x, const float* gradient, float* to_x, std::int64_t count,
                   std::span<const MixedForm> forms, std::span<MixedGradient> results) {
  assert(forms.size() <= kMostWidths && results.size() == forms.size());
  const std::size_t widths = forms.size();
  std::vector<MixedGradient> parts(static_cast<std::size_t>(blocks_of(count)) * widths);
  for_each_block(count, [&](std::int64_t block, std::int64_t first, std::int64_t length) {
    block_gradients(x + first, gradient + first, to_x + first, length, forms,
                    std::span(parts).subspan(static_cast<std::size_t>(block) * widths, widths));
  });
  for (std::size_t k = 0; k < widths; ++k) {
    results[k] = {};
    for (std::size_t at = k; at < parts.size(); at += widths) {
      results[k].to_scale += parts[at].to_scale;
      results[k].to_weight += parts[at].to_weight;
    }
    results[k].to_scale *= forms[k].weight;
    results[k].to_weight *= forms[k].step.scale;
  }
}

}  // namespace bitmason::qat
