#include "sim/requantiser.hpp"

#include <algorithm>
#include <cassert>

namespace bitmason::sim {

namespace {

__extension__ typedef __int128 Wide;

/// Above this many thresholds a table lookup costs less than comparing with each.
constexpr std::int64_t kMaxCompared = 40;

template <class T>
const T& pick(const std::vector<T>& values, int channel) {
  return values.size() == 1 ? values.front() : values[static_cast<std::size_t>(channel)];
}

std::int64_t scaled(const ir::ScaleShift& form, bool wide, std::int64_t acc, int channel) {
  const std::int64_t multiplier = pick(form.multiplier, channel);
  const std::int64_t bias = pick(form.bias, channel);
  if (!wide) return std::clamp((acc * multiplier + bias) >> form.shift, form.output.lo, form.output.hi);
  const Wide value = (Wide{acc} * multiplier + bias) >> form.shift;
  return static_cast<std::int64_t>(std::clamp(value, Wide{form.output.lo}, Wide{form.output.hi}));
}

bool exceeds_64(const ir::ScaleShift& form, const IntRange& domain) {
  constexpr Wide kLimit = std::numeric_limits<std::int64_t>::max();
  Wide largest_bias = 0;
  Wide largest_multiplier = 0;
  for (const std::int64_t bias : form.bias)
    largest_bias = std::max(largest_bias, std::max(Wide{bias}, -Wide{bias}));
  for (const std::int64_t m : form.multiplier)
    largest_multiplier = std::max(largest_multiplier, std::max(Wide{m}, -Wide{m}));
  const Wide acc = std::max(-Wide{domain.lo}, Wide{domain.hi});
  return acc * largest_multiplier + largest_bias > kLimit;
}

}  // namespace

Requantiser::Requantiser(const ir::Requantise& layer, const ir::TensorType& input, bool narrow,
                         Storage output)
    : output_(output), form_(prepare(layer, input, narrow, output)) {}

Requantiser::Form Requantiser::prepare(const ir::Requantise& layer, const ir::TensorType& input, bool narrow,
                                       Storage output) {
  const IntRange& domain = input.range;
  if (const auto* scale = std::get_if<ir::ScaleShift>(&layer.form))
    return Scale{*scale, exceeds_64(*scale, domain)};
  const auto& form = std::get<ir::Thresholds>(layer.form);
  if (form.output.span() <= kMaxCompared && narrow && output.element == Element::U8) {
    return prepare_compare(form, domain, input.shape.channels, output);
  }
  std::vector<Buckets> rows;
  for (int row = 0; row < form.rows; ++row) rows.push_back(prepare_buckets(form, domain, row));
  return rows;
}

Requantiser::Compare Requantiser::prepare_compare(const ir::Thresholds& form, const IntRange& domain,
                                                  int channels, Storage output) {
  const auto padded = static_cast<std::size_t>((channels + kBlock - 1) / kBlock * kBlock);
  const auto steps = static_cast<std::size_t>(form.output.span());
  Compare compare{std::vector<std::int32_t>(steps * padded), std::vector<std::int32_t>(padded),
                  std::vector<std::int32_t>(padded), static_cast<int>(steps)};
  for (int c = 0; c < channels; ++c) {
    const int row = form.rows == 1 ? 0 : c;
    const bool falling = form.decreasing[static_cast<std::size_t>(row)] != 0;
    const auto at = static_cast<std::size_t>(c);
    compare.base[at] = static_cast<std::int32_t>((falling ? form.output.hi : form.output.lo) - output.offset);
    compare.sign[at] = falling ? -1 : 1;
    for (std::size_t k = 0; k < steps; ++k) {
      // Thresholds outside the domain are always or never passed; any value beyond its ends says so.
      compare.thresholds[k * padded + at] =
          static_cast<std::int32_t>(std::clamp(form.row(row)[k], domain.lo, domain.hi + 1));
    }
  }
  return compare;
}

Requantiser::Buckets Requantiser::prepare_buckets(const ir::Thresholds& form, const IntRange& domain,
                                                  int row) {
  const bool falling = form.decreasing[static_cast<std::size_t>(row)] != 0;
  Buckets buckets;
  buckets.base = falling ? form.output.hi : form.output.lo;
  buckets.sign = falling ? -1 : 1;
  for (const std::int64_t t : form.row(row)) {
    // Beyond-the-end thresholds are never passed and need no entry.
    if (t <= domain.hi) buckets.thresholds.push_back(std::max(t, domain.lo));
  }
  buckets.origin = buckets.thresholds.empty() ? domain.lo : buckets.thresholds.front();
  const std::int64_t span = buckets.thresholds.empty() ? 0 : buckets.thresholds.back() - buckets.origin;
  const auto most = static_cast<std::int64_t>(4 * buckets.thresholds.size() + 1);
  while (span >> buckets.shift > most) ++buckets.shift;
  for (std::int64_t b = 0; b <= span >> buckets.shift; ++b) {
    const std::int64_t first = buckets.origin + (b << buckets.shift);
    const auto below = std::ranges::lower_bound(buckets.thresholds, first) - buckets.thresholds.begin();
    buckets.start.push_back(static_cast<std::int32_t>(below));
  }
  return buckets;
}

std::int64_t Requantiser::Buckets::code(std::int64_t acc) const {
  if (acc < origin) return base;
  const auto bucket = static_cast<std::size_t>((acc - origin) >> shift);
  auto passed = static_cast<std::size_t>(bucket < start.size() ? start[bucket] : start.back());
  while (passed < thresholds.size() && acc >= thresholds[passed]) ++passed;
  return base + sign * static_cast<std::int64_t>(passed);
}

template <class Acc>
void Requantiser::run_scalar(const AccRow<Acc>& row, std::byte* out) const {
  const auto each = [&](auto code) {
    for (int p = 0; p < row.pixels; ++p) {
      Acc* acc = row.data + p * row.stride;
      for (int c = 0; c < row.channels; ++c) acc[c] = static_cast<Acc>(code(acc[c], c));
    }
  };
  if (const auto* buckets = std::get_if<std::vector<Buckets>>(&form_)) {
    each([&](std::int64_t acc, int c) { return pick(*buckets, c).code(acc); });
  } else {
    const auto& scale = std::get<Scale>(form_);
    each([&](std::int64_t acc, int c) { return scaled(scale.form, scale.wide, acc, c); });
  }
  // Codes need not fit the accumulator's type in theory; the caller chose it for both.
  store_row(row, output_, out);
}

void Requantiser::run(const Kernels& kernels, const AccRow<std::int32_t>& row, std::byte* out) const {
  if (const auto* compare = std::get_if<Compare>(&form_)) {
    kernels.compare({.acc = row.data,
                     .acc_stride = row.stride,
                     .pixels = row.pixels,
                     .channels = row.channels,
                     .steps = compare->steps,
                     .thresholds = compare->thresholds.data(),
                     .base = compare->base.data(),
                     .sign = compare->sign.data(),
                     .out = reinterpret_cast<std::uint8_t*>(out)});
    return;
  }
  run_scalar(row, out);
}

void Requantiser::run(const Kernels&, const AccRow<std::int64_t>& row, std::byte* out) const {
  run_scalar(row, out);
}

}  // namespace bitmason::sim
