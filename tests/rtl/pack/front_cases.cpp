#include "pack_case.hpp"

namespace bitmason::rtl {
namespace {

/// Values of an operand and the bits of its code.
struct Operand {
  int low, high, bits;
};

Operand narrow(int bits) {
  return {-(1 << (bits - 1)) + 1, (1 << (bits - 1)) - 1, bits};
}
Operand centred(int bits) {
  return {-(1 << (bits - 1)), (1 << (bits - 1)) - 1, bits};
}
Operand plain(int bits) {
  return {0, (1 << bits) - 1, bits};
}

/// Read in every step, one column of two lanes.
PackCase front(std::string name, int prim, Operand weight, Operand activation, bool wide_w,
               std::vector<int> woff, std::vector<int> aoff) {
  PackCase test;
  test.name = std::move(name);
  test.prim = prim, test.accum = false, test.cols = 1, test.lanes = 2, test.steps = 5;
  test.wlow = weight.low, test.whigh = weight.high, test.wbits = weight.bits;
  test.alow = activation.low, test.ahigh = activation.high, test.abits = activation.bits;
  test.wsigned = weight.low < 0, test.asigned = activation.low < 0;
  test.wide_w = wide_w, test.woff = std::move(woff), test.aoff = std::move(aoff);
  return test;
}

PackCase accumulated(PackCase test, int steps) {
  test.accum = true, test.steps = steps;
  return test;
}

PackCase chained(PackCase test, int chain) {
  test.name += "_chain", test.chain = chain, test.lanes = 2 * chain;
  return test;
}

std::vector<int> row(int count, int pitch) {
  std::vector<int> offsets;
  for (int i = 0; i < count; ++i) offsets.push_back(i * pitch);
  return offsets;
}

/// G(1, 3) with fields that are full to their last value: carries of four bits.
void add_wide_carries(std::vector<PackCase>& cases) {
  cases.push_back(front("w1a7_9", 1, plain(1), plain(7), true, {0, 12, 24}, {0, 4, 8}));
  cases.push_back(front("w1a7_9_inferred", 0, plain(1), plain(7), true, {0, 12, 24}, {0, 4, 8}));
  cases.push_back(front("w1a8_6", 2, plain(1), plain(8), false, {0, 5, 10}, {0, 15}));
  cases.push_back(front("w7a1_8", 2, narrow(7), plain(1), true, {0, 16}, row(4, 4)));
  cases.push_back(front("w1a5_14", 3, plain(1), centred(5), true, {0, 14}, row(7, 2)));
}

/// Weights that share bits of their port.
void add_shared_weights(std::vector<PackCase>& cases) {
  cases.push_back(accumulated(front("w4a1_20", 1, narrow(4), plain(1), true, {0, 2, 20, 22}, row(5, 4)), 12));
  cases.push_back(front("w6a2_9", 1, narrow(6), centred(2), false, row(3, 4), {0, 12, 24}));
  cases.push_back(front("w8a1_4", 4, narrow(8), plain(1), true, {0, 5}, {0, 10}));
  cases.push_back(chained(front("w4a1", 1, narrow(4), plain(1), true, {0, 2, 20, 22}, {0, 8}), 2));
  cases.push_back(front("w5a1_three", 1, plain(5), plain(1), true, {0, 2, 4, 12}, {0}));
}

PackCase split(std::string name, Operand weight, Operand activation, const std::vector<int>& woff,
               std::vector<int> aoff) {
  std::vector<int> both = woff;
  for (const int offset : woff) both.push_back(16 + offset);
  PackCase test = front("split_" + std::move(name), 4, weight, activation, true, both, std::move(aoff));
  test.split = true;
  return test;
}

/// The mode of SB_MAC16 with two multipliers; sums of negative products must not reach the upper one.
void add_split_primitives(std::vector<PackCase>& cases) {
  cases.push_back(split("w8a8", narrow(8), centred(8), {0}, {0}));
  cases.push_back(split("w8a7", narrow(8), plain(7), {0}, {0}));
  cases.push_back(split("w3a4", narrow(3), centred(4), {0, 5}, {0}));
  cases.push_back(split("w5a2", narrow(5), centred(2), {0}, {0, 5}));
  cases.push_back(split("w1a5", plain(1), plain(5), {0, 3, 6}, {0}));
  cases.push_back(split("k3_w2a2", narrow(2), plain(2), {0, 2, 4}, {0, 2, 4}));
}

}  // namespace

std::vector<PackCase> front_cases() {
  std::vector<PackCase> cases;
  add_wide_carries(cases);
  add_shared_weights(cases);
  add_split_primitives(cases);
  return cases;
}

std::vector<PackCase> large_front_cases() {
  std::vector<PackCase> cases;
  cases.push_back(
      front("w1a4_36", 1, plain(1), plain(4), true, {0, 1, 2, 3, 4, 5, 18, 19, 20, 21, 22, 23}, {0, 6, 12}));
  cases.push_back(
      front("w3a2_40", 1, narrow(3), centred(2), false, row(4, 5), {0, 1, 2, 3, 4, 20, 21, 22, 23, 24}));
  cases.push_back(front("k3_w2a2_96", 1, narrow(2), centred(2), true, {0, 1, 2, 18, 19, 20}, row(16, 1)));
  cases.push_back(front("k5_w3a2_45", 1, narrow(3), centred(2), false, row(5, 3), row(9, 3)));
  cases.back().steps = 1;
  cases.push_back(
      front("k3_w1a3_36", 3, plain(1), plain(3), true, {0, 1, 2, 4, 5, 6, 8, 9, 10}, {0, 1, 12, 13}));
  cases.push_back(chained(front("w4a4_chain", 1, narrow(4), centred(4), true, {0, 8}, {0}), 8));
  cases.push_back(
      accumulated(front("w4a1_20_inferred", 0, narrow(4), plain(1), true, {0, 2, 20, 22}, row(5, 4)), 12));
  cases.push_back(front("k3_w7a1_12", 1, narrow(7), plain(1), false, row(3, 5), {0, 5, 19, 24}));
  cases.push_back(
      front("w3a2_36", 2, narrow(3), centred(2), false, {0, 1, 6, 7, 12, 13}, {0, 2, 4, 18, 20, 22}));
  cases.push_back(front("w3a2_30", 3, narrow(3), centred(2), true, row(15, 1), {0, 15}));
  cases.push_back(front("w3a2_26", 4, narrow(3), centred(2), true, row(13, 1), {0, 13}));
  return cases;
}

}  // namespace bitmason::rtl
