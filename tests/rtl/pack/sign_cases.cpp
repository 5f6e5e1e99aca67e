#include <algorithm>
#include <random>
#include <tuple>

#include "pack_case.hpp"

namespace bitmason::rtl {
namespace {

int bits_of(int most) {
  int bits = 0;
  while ((1 << bits) <= most) ++bits;
  return bits;
}

/// Weights of -most_w to most_w, activations of -most_a to most_a or to one less, as centred ones are.
PackCase signs(std::string name, int most_w, int most_a, bool wide_w, std::vector<int> woff,
               std::vector<int> aoff) {
  PackCase test;
  test.name = std::move(name);
  test.magnitudes = true;
  test.wlow = -most_w, test.whigh = most_w;
  test.alow = -most_a, test.ahigh = most_a - (most_a & 1 ? 0 : 1);
  test.wbits = bits_of(most_w), test.abits = bits_of(most_a);
  test.wide_w = wide_w, test.woff = std::move(woff), test.aoff = std::move(aoff);
  test.cols = 1, test.lanes = 3, test.steps = 5;
  return test;
}

PackCase of_prim(int prim, PackCase test) {
  test.prim = prim;
  return test;
}

/// Nested copies: `inner` copies of the block so far, then the other operand's, alternately, as the solver
/// nests.
void nest(std::vector<int>& operands, int count, int pitch) {
  const std::vector<int> block = operands;
  for (int copy = 1; copy < count; ++copy)
    for (const int offset : block) operands.push_back(offset + copy * pitch);
}

}  // namespace

std::vector<PackCase> sign_cases() {
  std::vector<PackCase> cases;
  // As `bitmason pack` finds them, G(1, 3) to G(1, 0); a name with _wrap has a magnitude on a port's sign
  // bit.
  auto w4a4 = signs("w4a4_12", 7, 8, true, {0, 3, 18, 21}, {0, 6, 12});
  w4a4.lanes = 8, w4a4.steps = 16, w4a4.cols = 2;
  cases.push_back(w4a4);
  w4a4.name = "w4a4_12_inferred", w4a4.prim = 0, w4a4.cols = 1;
  cases.push_back(w4a4);
  w4a4.name = "w4a4_12_step", w4a4.steps = 1, w4a4.lanes = 9;
  cases.push_back(w4a4);
  w4a4.name = "w4a4_12_long", w4a4.steps = 1152, w4a4.lanes = 1;
  cases.push_back(w4a4);
  cases.push_back(signs("w4a4_9_wrap", 7, 8, true, {0, 12, 24}, {0, 4, 8}));
  cases.push_back(signs("w4a4_8_wrap", 7, 8, false, {0, 5, 10, 15}, {0, 20}));
  cases.push_back(signs("w4a4_6_wrap", 7, 8, true, {0, 12, 24}, {0, 6}));
  cases.push_back(signs("w4a2_40_wrap", 7, 2, false, {0, 5, 10, 15}, {0, 1, 2, 3, 4, 20, 21, 22, 23, 24}));
  cases.push_back(signs("w4a3_18", 7, 4, true, {0, 2, 4, 18, 20, 22}, {0, 6, 12}));
  cases.push_back(signs("w2a4_40_wrap", 1, 8, false, {0, 1, 4, 5, 8, 9, 12, 13, 16, 17}, {0, 2, 20, 22}));
  cases.push_back(signs("w2a2_40_wrap", 1, 2, true, {0, 1, 2, 3, 20, 21, 22, 23}, {0, 4, 8, 12, 16}));
  cases.push_back(signs("w3a3_40_wrap", 3, 4, false, {0, 4, 8, 12, 16}, {0, 1, 2, 3, 20, 21, 22, 23}));
  cases.push_back(signs("w7a3_8_wraps", 63, 4, true, {0, 21}, {0, 5, 10, 15}));
  cases.push_back(signs("w5a5_6", 15, 16, true, {0, 10, 20}, {0, 5}));
  cases.push_back(signs("w8a8_2", 127, 128, true, {0, 11}, {0}));
  // Four weights on a bit of their port: the words' sum, three rows and an adder cut in two.
  cases.push_back(
      signs("w5a1_39_wrap", 15, 1, false, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, {0, 13, 26}));
  auto three = signs("w4a2_six", 7, 2, false, {0, 1, 2, 3, 8, 9}, {0});
  three.lanes = 1;
  cases.push_back(three);
  three.name = "w4a2_six_wide", three.wide_w = true, three.prim = 2;
  cases.push_back(three);
  cases.push_back(of_prim(2, signs("w3a3_36", 3, 4, false, {0, 1, 2, 6, 7, 8, 12, 13, 14}, {0, 3, 18, 21})));
  cases.push_back(of_prim(3, signs("w5a1_30_wrap", 15, 1, true, {0, 3, 6, 9, 12}, {0, 1, 2, 15, 16, 17})));
  cases.push_back(
      of_prim(2, signs("w2a3_40_wraps", 1, 4, true, {0, 1, 2, 3, 4, 20, 21, 22, 23, 24}, {0, 5, 10, 15})));
  cases.push_back(of_prim(2, signs("w5a2_10_wraps", 15, 2, true, {0, 21}, {0, 4, 8, 12, 16})));
  cases.push_back(
      of_prim(3, signs("w3a3_30", 3, 4, true, {0, 15}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14})));
  cases.push_back(
      of_prim(4, signs("w3a3_26", 3, 4, true, {0, 13}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})));
  // SB_MAC16 as two multipliers of 8 x 8.
  for (auto [name, w, a, woff, aoff] :
       {std::tuple("split_w2a3", 1, 4, std::vector{0, 6, 16, 22}, std::vector{0, 3}),
        std::tuple("split_w2a6", 1, 32, std::vector{0, 3, 6, 16, 19, 22}, std::vector{0}),
        std::tuple("split_w3a7", 3, 64, std::vector{0, 5, 16, 21}, std::vector{0})}) {
    cases.push_back(of_prim(4, signs(name, w, a, true, woff, aoff)));
    cases.back().split = true;
  }
  return cases;
}

std::vector<PackCase> random_sign_cases(std::uint64_t seed, int count) {
  std::mt19937_64 random(seed);
  const auto draw = [&](int low, int high) {
    return low + static_cast<int>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  std::vector<PackCase> cases;
  while (static_cast<int>(cases.size()) < count) {
    const int most_w = (1 << draw(1, 7)) - draw(0, 1), most_a = 1 << draw(0, 7);
    auto test = signs("sign_" + std::to_string(cases.size()), most_w, most_a, draw(0, 1) == 0, {0}, {0});
    test.prim = draw(0, 7), test.prim = test.prim > 4 ? 1 : test.prim;
    test.lanes = draw(0, 3) == 0 ? draw(4, 9) : draw(1, 3), test.steps = draw(1, 20), test.cols = draw(1, 2);
    int pitch = std::max(1, bits_of(most_w * most_a) - draw(0, 3));
    for (int turn = draw(0, 1); pitch < 30 && test.nw() * test.na() < 40; ++turn) {
      auto& operands = turn % 2 == 0 ? test.woff : test.aoff;
      const int copies = draw(1, 5);
      if (copies == 1 && turn > 3) break;
      nest(operands, copies, pitch);
      pitch = pitch * copies + (draw(0, 3) == 0 ? draw(1, 3) : 0);
    }
    // Half of them with the last weight or activation as high as its port allows.
    if (draw(0, 3) == 0 && test.nw() > 1) test.woff.back() = test.wport() - test.wbits;
    if (draw(0, 3) == 0 && test.na() > 1) test.aoff.back() = test.aport() - test.abits;
    if (test.nw() * test.na() < 2 || !test.legal()) continue;
    cases.push_back(test);
  }
  return cases;
}

}  // namespace bitmason::rtl
