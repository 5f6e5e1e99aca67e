// Random and extreme operands into every DSP file with its primitive's model and into the inferred twin: sums
// equal in every cycle; the twin's own sum against a product by hand for the w4 three-tap cascade.
#include "Vdsp_top.h"

#include <verilated.h>
#include <array>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <random>

namespace {

std::int64_t signed_bits(std::uint64_t value, int low, int count) {
  const auto field = static_cast<std::int64_t>((value >> low) & ((std::uint64_t{1} << count) - 1));
  return (field >> (count - 1)) & 1 ? field - (std::int64_t{1} << count) : field;
}

/// Sum of both cells of u_e2_wide, modulo 2^48.
std::uint64_t by_hand(std::uint64_t w, std::uint64_t a) {
  std::uint64_t sum = 0x1234'5678'9abc;
  for (int cell = 0; cell < 2; ++cell)
    for (int tap = 0; tap < 3; ++tap)
      sum +=
          static_cast<std::uint64_t>(signed_bits(w, 12 * cell + 4 * tap, 4) * signed_bits(a, 18 * cell, 18))
          << (11 * tap);
  return sum & 0xffff'ffff'ffff;
}

}  // namespace

int main() {
  VerilatedContext context;
  context.randReset(2);
  Vdsp_top top(&context);
  std::mt19937_64 random(7);
  const std::array<std::uint64_t, 4> extremes{0, ~std::uint64_t{0}, 0x8888'8888'8888'8888,
                                              0x7777'7777'7777'7777};
  std::deque<std::uint64_t> due;
  for (long cycle = 0; cycle < 200000; ++cycle) {
    top.w = random() % 4 == 0 ? extremes[random() % 4] : random();
    top.a = random() % 4 == 0 ? extremes[random() % 4] : random();
    if (random() % 8 == 0)
      top.a = 0x2'0000'0000ULL * (random() % 2) + 0x2'0000 + (std::uint64_t{0x2'0000} << 18);
    due.push_back(by_hand(top.w, top.a));
    top.clk = 0;
    top.eval();
    top.clk = 1;
    top.eval();
    if (cycle < 8) continue;
    while (due.size() > 5) due.pop_front();
    if (top.differs != 0)
      return std::printf("cycle %ld: pairs %04x differ\n", cycle, static_cast<unsigned>(top.differs)), 1;
    if (top.sum != due.front())
      return std::printf("cycle %ld: sum %012llx, by hand %012llx\n", cycle,
                         static_cast<unsigned long long>(top.sum),
                         static_cast<unsigned long long>(due.front())),
             1;
  }
  std::puts("every DSP file equals its twin");
}
