#include "conv_case.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace bitmason::rtl {
namespace {

int bits_for(std::int64_t span) {
  int bits = 1;
  while ((std::int64_t{1} << bits) <= span) ++bits;
  return bits;
}

std::array<std::int64_t, 2> product_range(const ConvCase& test, std::int64_t centre) {
  std::array<std::int64_t, 2> range{0, 0};
  for (const auto w : {test.weight_low(), test.weight_high()})
    for (const auto a : {test.code_low() - centre, test.code_high() - centre}) {
      range[0] = std::min(range[0], w * a);
      range[1] = std::max(range[1], w * a);
    }
  return range;
}

void require(bool holds, const ConvCase& test, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "case %s: %s\n", test.name.c_str(), what);
  std::exit(1);
}

void check_port(const ConvCase& test, const std::vector<int>& offsets, std::int64_t low, std::int64_t high,
                int bits) {
  std::int64_t least = 0, most = 0;
  for (const int offset : offsets) {
    least += low * (std::int64_t{1} << offset);
    most += high * (std::int64_t{1} << offset);
  }
  require(least >= -(std::int64_t{1} << (bits - 1)) && most < (std::int64_t{1} << (bits - 1)), test,
          "operands exceed their port");
}

int products_of(const ConvCase& test, int field) {
  return test.conv ? std::min({field + 1, test.kw, test.np, test.fields() - field}) : 1;
}

/// True where `spacing` bits between fields keep every step's carries within `side` bits.
bool carries_fit(const ConvCase& test, int spacing) {
  const auto range = product_range(test, test.centre());
  const bool biased = test.prim < 2 || !test.stay;
  const std::int64_t full = test.stay ? (std::int64_t{1} << spacing) - 1 : 0;
  std::int64_t least = 0, most = 0;
  for (int f = 0; f + 1 < test.fields(); ++f) {
    const int products = test.chain * products_of(test, f);
    const std::int64_t low = biased ? 0 : range[0];
    const std::int64_t high = biased ? range[1] - range[0] : range[1];
    most = (full + products * high + most) >> spacing;
    least = (products * low + least) >> spacing;
    if (most - least >= std::int64_t{1} << test.side) return false;
  }
  return true;
}

int spacing_of(const ConvCase& test) {
  if (test.side > 0) {
    int spacing = std::max(test.abits, test.wbits);
    while (!carries_fit(test, spacing)) ++spacing;
    return spacing;
  }
  const auto range = product_range(test, test.centre());
  const int most_products = test.conv ? std::min(test.kw, test.np) : 1;
  return bits_for(test.chain * most_products * (range[1] - range[0]));
}

}  // namespace

std::array<std::int64_t, 2> ConvCase::product_bounds() const {
  return product_range(*this, centre());
}

int ConvCase::out_bits() const {
  const auto range = product_range(*this, 0);
  const std::int64_t terms = std::int64_t{kh} * kw * (dw ? 1 : cin);
  const std::int64_t bias = has_bias ? 100 : 0;
  return bits_for(std::max(-range[0] * terms + bias - 1, range[1] * terms + bias)) + 1 + more_bits;
}

int ConvCase::external_cycles() const {
  constexpr int turnover = 6, pipeline = 48;
  const int used = (columns() + block() - 1) / block() * steps();
  const int row = groups() * std::max(used, (used + steps() + turnover + 1) / 2);
  return ho() * std::max(row, (row + wo() * cout / cho + pipeline + steps()) / 2);
}

int ConvCase::stream_cycles() const {
  return std::max(h * w / inp * channel_groups(), ho() * wo() * cout / cho);
}

UniformPacking pack_uniformly(const ConvCase& test) {
  const auto range = product_range(test, test.centre());
  const int spacing = spacing_of(test);
  UniformPacking packing;
  for (int j = 0; j < test.np; ++j) packing.code_offsets.push_back(j * spacing);
  for (int i = 0; i < test.nw(); ++i)
    packing.weight_offsets.push_back(i * spacing * (test.conv ? 1 : test.np));
  for (int f = 0; f < test.fields(); ++f) {
    const std::int64_t fix = -test.chain * products_of(test, f) * range[0];
    packing.field_offsets.push_back(f * spacing);
    packing.field_widths.push_back(spacing);
    packing.field_fix.push_back(fix);
    packing.bias += fix * (std::int64_t{1} << (f * spacing));
  }
  const std::array<int, 5> wide{27, 27, 25, 18, 16}, narrow{18, 18, 18, 18, 16}, sum{48, 48, 48, 36, 32};
  const auto prim = static_cast<std::size_t>(test.prim);
  check_port(test, packing.weight_offsets, test.weight_low(), test.weight_high(),
             test.wide_w ? wide[prim] : narrow[prim]);
  check_port(test, packing.code_offsets, test.code_low() - test.centre(), test.code_high() - test.centre(),
             test.wide_w ? narrow[prim] : wide[prim]);
  if (test.wraps) {
    const std::int64_t most = std::int64_t{test.steps()} * test.chain * (range[1] - range[0]);
    require(most >> (sum[prim] - packing.field_offsets.back()) != 0, test, "the top field does not wrap");
  }
  require(test.fields() * spacing <= sum[prim], test, "fields exceed the sum");
  return packing;
}

}  // namespace bitmason::rtl
