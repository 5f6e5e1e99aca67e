// bm_fork, bm_repack, bm_axis_in, bm_axis_out, bm_concat and bm_add; one beat per cycle each.
#include "Vplumbing_top.h"
#include "stream_bench.hpp"

using namespace bitmason::bench;

namespace {

using Top = Vplumbing_top;

void add_repack(Bench<Top>& bench, int slot, int bits, int from, int to) {
  const auto make = [=](Random& random, int style) {
    const Codes codes = draw_codes(random, style, 240, bits, false);
    return Frame{{beats(codes, from, bits)}, {beats(codes, to, bits)}};
  };
  bench.add({"repack " + std::to_string(from) + " to " + std::to_string(to),
             {slot_input(bench.top(), slot, bits * from)},
             {slot_output(bench.top(), slot, bits * to)},
             make,
             240.0 / std::min(from, to)});
}

void add_fork(Bench<Top>& bench) {
  Top& top = bench.top();
  const auto make = [](Random& random, int style) {
    const auto data = beats(draw_codes(random, style, 100, 9, false), 1, 9);
    return Frame{{data}, {data, data, data}};
  };
  bench.add({"fork",
             {slot_input(top, 0, 9)},
             {slot_output(top, 0, 9), slot_output(top, 1, 9), slot_output(top, 2, 9)},
             make,
             100});
}

/// Padding bits and tlast of the input are noise; the output's padding is zero and its tlast exact.
void add_axis(Bench<Top>& bench) {
  const auto make = [](Random& random, int style) {
    Frame frame{{{}}, {{}}};
    for (int i = 0; i < 5; ++i) {
      const auto code = static_cast<std::uint32_t>(draw_code(random, style, 13, false));
      frame.in[0].push_back({code | static_cast<std::uint32_t>(random() & 15) << 13});
      frame.out[0].push_back({code | (i == 4 ? 1U << 16 : 0U)});
    }
    return frame;
  };
  bench.add({"axis", {slot_input(bench.top(), 6, 17)}, {slot_output(bench.top(), 6, 17)}, make, 5});
}

void add_concat(Bench<Top>& bench) {
  Top& top = bench.top();
  const auto make = [](Random& random, int style) {
    constexpr std::size_t kPixels = 7;
    const int groups[] = {1, 3, 2};
    Frame frame{std::vector<std::vector<Beat>>(3), std::vector<std::vector<Beat>>(1)};
    for (std::size_t pixel = 0; pixel < kPixels; ++pixel) {
      for (std::size_t k = 0; k < 3; ++k) {
        for (int g = 0; g < groups[k]; ++g) {
          const Beat beat = pack(draw_codes(random, style, 2, 6, false), 6);
          frame.in[k].push_back(beat);
          frame.out[0].push_back(beat);
        }
      }
    }
    return frame;
  };
  bench.add({"concat",
             {slot_input(top, 7, 12), slot_input(top, 8, 12), slot_input(top, 9, 12)},
             {slot_output(top, 7, 12)},
             make,
             42});
}

struct Operand {
  int bits, is_signed;
  std::int64_t multiplier;
};

void add_sum(Bench<Top>& bench, const char* name, int slot, int channels, std::vector<Operand> operands,
             std::int64_t constant, int out_bits) {
  Case test{name, {}, {slot_output(bench.top(), slot, channels * out_bits)}, {}, 50};
  for (std::size_t k = 0; k < operands.size(); ++k)
    test.inputs.push_back(slot_input(bench.top(), slot + static_cast<int>(k), channels * operands[k].bits));
  test.make = [=](Random& random, int style) {
    Codes sum(static_cast<std::size_t>(50 * channels), constant);
    Frame frame;
    for (const Operand& operand : operands) {
      const Codes codes = draw_codes(random, style, sum.size(), operand.bits, operand.is_signed);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += operand.multiplier * codes[i];
      frame.in.push_back(beats(codes, channels, operand.bits));
    }
    frame.out.push_back(beats(sum, channels, out_bits));
    return frame;
  };
  bench.add(std::move(test));
}

}  // namespace

int main() {
  return run_bench<Top>([](Bench<Top>& bench) {
    bench.top().in_valid = 0;
    bench.top().out_ready = 0;
    add_fork(bench);
    add_repack(bench, 3, 5, 4, 12);
    add_repack(bench, 4, 7, 8, 2);
    add_repack(bench, 5, 3, 3, 3);
    add_axis(bench);
    add_concat(bench);
    add_sum(bench, "sum", 10, 3, {{8, 0, 1}, {8, 0, 1}}, 0, 9);
    add_sum(bench, "scaled sum", 12, 2, {{5, 1, -1707}, {6, 0, 1501}}, -77777, 20);
    add_sum(bench, "widening", 14, 2, {{4, 1, 1}}, 0, 8);
    add_sum(bench, "most negative multiplier", 15, 1, {{7, 0, -2147483648LL}}, 2147483647, 40);
    add_sum(bench, "constant", 16, 1, {{7, 0, 0}}, -9, 6);
    add_sum(bench, "64-bit multipliers", 17, 2, {{12, 1, 1234567890123LL}, {9, 0, -9876543210987LL}},
            -1000000000000000001LL, 64);
    add_sum(bench, "difference of 30 bits", 19, 2, {{29, 1, 1}, {29, 1, -1}}, 0, 30);
  });
}
