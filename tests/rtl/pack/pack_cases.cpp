#include <algorithm>
#include <random>

#include "pack_case.hpp"

namespace bitmason::rtl {
namespace {

PackCase w4a4(std::string name, bool wide_w, std::vector<int> woff, std::vector<int> aoff) {
  PackCase test;
  test.name = std::move(name);
  test.wide_w = wide_w;
  test.woff = std::move(woff);
  test.aoff = std::move(aoff);
  return test;
}

std::vector<PackCase> accumulate() {
  std::vector<PackCase> cases;
  auto conv12 = w4a4("conv12", false, {0, 7, 14}, {0, 7, 14, 21});
  cases.push_back(conv12);
  conv12.cols = 1;
  auto twin = conv12;
  twin.name = "conv12_inferred", twin.prim = 0, twin.lanes = 4;
  cases.push_back(twin);
  cases.push_back(w4a4("conv9", false, {0, 7, 14}, {0, 7, 14}));
  cases.back().cols = 1;
  auto outer = w4a4("outer6", false, {0, 7, 14}, {0, 21});
  cases.push_back(outer);
  outer.name = "outer6_pairs", outer.chain = 2, outer.share = 2;
  cases.push_back(outer);
  auto swapped = w4a4("outer6_swapped", true, {0, 21}, {0, 7, 14});
  swapped.cols = 1, swapped.lanes = 4, swapped.alow = -7;
  cases.push_back(swapped);
  auto shared = conv12;
  shared.name = "conv12_shared", shared.lanes = 4, shared.cols = 4, shared.share = 4, shared.steps = 24;
  cases.push_back(shared);
  auto few = conv12;
  few.name = "conv12_two_lanes", few.lanes = 2, few.steps = 6;
  cases.push_back(few);
  few.name = "conv12_one_lane", few.lanes = 1;
  cases.push_back(few);
  few.name = "conv12_nine_lanes", few.lanes = 9, few.steps = 13;
  cases.push_back(few);
  auto start = w4a4("conv9_dsp48e1", true, {0, 8, 16}, {0, 8});
  start.prim = 2, start.cols = 1;
  cases.push_back(start);
  auto ecp5 = w4a4("outer2_ecp5", true, {0, 9}, {0});
  ecp5.prim = 3, ecp5.cols = 1;
  cases.push_back(ecp5);
  auto ice40 = w4a4("outer2_ice40", true, {0, 10}, {0});
  ice40.prim = 4, ice40.cols = 1;
  cases.push_back(ice40);
  return cases;
}

std::vector<PackCase> flat() {
  std::vector<PackCase> cases;
  auto guard = w4a4("guard6", true, {0, 11, 22}, {0, 11});
  guard.accum = false, guard.chain = 8;
  for (const int steps : {1, 4, 16}) {
    guard.steps = steps, guard.name = "guard6_" + std::to_string(steps);
    cases.push_back(guard);
  }
  auto conv12 = w4a4("conv12_flat", false, {0, 7, 14}, {0, 7, 14, 21});
  conv12.accum = false;
  for (const int steps : {1, 4}) {
    conv12.steps = steps, conv12.name = "conv12_flat_" + std::to_string(steps);
    cases.push_back(conv12);
  }
  auto side = w4a4("guard6_side", true, {0, 10, 20}, {0, 10});
  side.accum = false, side.chain = 4, side.steps = 3;
  cases.push_back(side);
  for (const int prim : {0, 2, 3, 4}) {
    auto small = w4a4("guard_prim" + std::to_string(prim), true, {0, 10}, {0});
    small.accum = false, small.prim = prim, small.chain = 4, small.steps = 5;
    cases.push_back(small);
  }
  return cases;
}

/// A block so long that the top field wraps many times.
std::vector<PackCase> long_blocks() {
  auto conv12 = w4a4("conv12_long", false, {0, 7, 14}, {0, 7, 14, 21});
  conv12.steps = 1152;
  auto outer = w4a4("outer6_long", false, {0, 7, 14}, {0, 21});
  outer.steps = 576;
  return {conv12, outer};
}

/// Random packings of every width for kernels 1, 3 and 5: ranges, ports, spacing and array shape drawn until
/// legal.
std::vector<PackCase> random_cases(std::uint64_t seed, int count) {
  std::mt19937_64 random(seed);
  const auto draw = [&](int low, int high) {
    return low + static_cast<int>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  std::vector<PackCase> cases;
  while (static_cast<int>(cases.size()) < count) {
    PackCase test;
    test.wbits = draw(1, 8), test.abits = draw(1, 8);
    test.wsigned = test.wbits > 1 && draw(0, 3) > 0;
    test.asigned = test.abits > 1 && draw(0, 1) == 0;
    test.wlow = test.wsigned ? -(1 << (test.wbits - 1)) + draw(0, 1) : 0;
    test.whigh = (1 << (test.wsigned ? test.wbits - 1 : test.wbits)) - 1;
    test.alow = test.asigned ? -(1 << (test.abits - 1)) : 0;
    test.ahigh = (1 << (test.asigned ? test.abits - 1 : test.abits)) - 1;
    test.prim = draw(0, 7), test.prim = test.prim > 4 ? 1 : test.prim;
    test.accum = draw(0, 2) > 0, test.wide_w = draw(0, 1) == 0;
    test.lanes = draw(0, 4) == 0 ? draw(5, 9) : draw(1, 4), test.steps = draw(1, 40),
    test.cols = draw(0, 3) == 0 ? 2 : 1;
    test.chain = draw(0, 2) == 0 ? test.lanes : 1;
    test.share = test.cols == 2 && draw(0, 1) == 0 ? 2 : 1;
    const int kernel = 2 * draw(0, 2) + 1, pixels = draw(1, 5), gap = draw(2, 12),
              weights = kernel == 1 ? draw(1, 4) : kernel;
    const bool outer_first = draw(0, 1) == 0;
    for (int i = 0; i < weights; ++i)
      test.woff.push_back(kernel > 1 || outer_first ? i * gap : i * gap * pixels);
    for (int i = 0; i < pixels; ++i)
      test.aoff.push_back(kernel > 1 ? i * gap : outer_first ? i * gap * weights : i * gap);
    if (test.woff.back() + test.aoff.back() > 44 || weights * pixels < 2 || !test.legal()) continue;
    test.name = "random_" + std::to_string(cases.size());
    cases.push_back(test);
  }
  return cases;
}

}  // namespace

std::vector<PackCase> pack_cases(const std::string& set) {
  if (set == "flat") return flat();
  if (set == "front") return front_cases();
  if (set == "front_large") return large_front_cases();
  if (set == "long") return long_blocks();
  if (set == "random") return random_cases(1, 60);
  if (set == "sign") return sign_cases();
  if (set == "sign_random") return random_sign_cases(1, 60);
  return accumulate();
}

}  // namespace bitmason::rtl
