// bm_requant_threshold counts thresholds and bm_requant_scale scales, shifts and clamps exactly as the plain
// definitions; one beat per cycle. The memory files are written here by the layout of docs/hardware.md.
#include <filesystem>
#include <fstream>

#include "Vrequant_top.h"
#include "stream_bench.hpp"

using namespace bitmason::bench;

namespace {

__extension__ typedef __int128 Wide;

/// Appends fields of fixed width, the first lowest, and prints words in hexadecimal.
class Word {
 public:
  void append(std::int64_t value, int bits) {
    for (int i = 0; i < bits; ++i) bits_.push_back((value >> std::min(i, 63)) & 1);
  }
  [[nodiscard]] std::string hex() const {
    std::string digits;
    for (std::size_t at = 0; at < bits_.size(); at += 4) {
      unsigned digit = 0;
      for (std::size_t i = at; i < std::min(at + 4, bits_.size()); ++i)
        digit |= static_cast<unsigned>(bits_[i]) << (i - at);
      digits.insert(digits.begin(), "0123456789abcdef"[digit]);
    }
    return digits + "\n";
  }

 private:
  std::vector<bool> bits_;
};

struct Threshold {
  int c, ch, in_bits, in_signed, out_bits, out_lo, steps, rows;
  std::vector<Codes> values{};
  std::vector<bool> decreasing{};

  void draw(Random& random) {
    for (int row = 0; row < rows; ++row) {
      Codes t = draw_codes(random, row % 3, static_cast<std::size_t>(steps), in_bits, in_signed);
      // Some thresholds are never reached.
      if (row % 2 == 1) t[0] = std::int64_t{1} << (in_signed ? in_bits - 1 : in_bits);
      std::sort(t.begin(), t.end());
      values.push_back(t);
      decreasing.push_back(random() % 2 == 1);
    }
  }

  [[nodiscard]] std::int64_t node(int row, int stages, int stage, std::int64_t leading) const {
    const std::int64_t index = (leading << (stages - stage)) + (std::int64_t{1} << (stages - stage - 1)) - 1;
    if (index >= steps) return std::int64_t{1} << (in_signed ? in_bits - 1 : in_bits);
    return values[static_cast<std::size_t>(row)][static_cast<std::size_t>(index)];
  }

  void write(int slot) const {
    int stages = 0;
    while ((1 << stages) < steps + 1) ++stages;
    const int lanes = rows == 1 ? 1 : ch, groups = rows == 1 ? 1 : c / ch;
    for (int stage = 0; stage < stages; ++stage) {
      for (int lane = 0; lane < lanes; ++lane) {
        char name[64];
        std::snprintf(name, sizeof name, "mem/thresholds%d_%02d_%03d.hex", slot, stage, lane);
        std::ofstream file(name);
        for (int g = 0; g < groups; ++g) {
          const int row = rows == 1 ? 0 : g * ch + lane;
          for (std::int64_t q = 0; q < (stage == 0 ? 1 : std::int64_t{1} << (stage - 1)); ++q) {
            Word word;
            word.append(node(row, stages, stage, stage == 0 ? 0 : 2 * q), in_bits + 1);
            if (stage == 0) word.append(decreasing[static_cast<std::size_t>(row)], 1);
            if (stage > 0) word.append(node(row, stages, stage, 2 * q + 1), in_bits + 1);
            file << word.hex();
          }
        }
      }
    }
  }

  [[nodiscard]] Frame frame(Random& random, int style) const {
    Codes in = draw_codes(random, style, static_cast<std::size_t>(c) * 8, in_bits, in_signed);
    Codes out;
    for (std::size_t i = 0; i < in.size(); ++i) {
      const std::size_t row = rows == 1 ? 0 : i % static_cast<std::size_t>(c);
      // A third of the codes lie at a threshold or just below it.
      const std::int64_t near =
          values[row][random() % values[row].size()] - static_cast<std::int64_t>(random() % 2);
      const std::int64_t lo = in_signed ? -(std::int64_t{1} << (in_bits - 1)) : 0;
      if (random() % 3 == 0 && near >= lo && near < lo + (std::int64_t{1} << in_bits)) in[i] = near;
      std::int64_t count = 0;
      for (const std::int64_t t : values[row]) count += in[i] >= t;
      out.push_back(decreasing[row] ? out_lo + steps - count : out_lo + count);
    }
    return {{beats(in, ch, in_bits)}, {beats(out, ch, out_bits)}};
  }
};

struct Scale {
  int c, ch, in_bits, in_signed, out_bits, out_lo, out_hi, mul_bits, bias_bits, shift, rows, use_dsp, prim;
  Codes multiplier{}, bias{};

  void draw(Random& random) {
    for (int row = 0; row < rows; ++row) {
      multiplier.push_back(draw_code(random, row % 3, mul_bits, true));
      bias.push_back(draw_code(random, row % 3, bias_bits, true));
    }
  }
  void write(int slot) const {
    std::ofstream file("mem/scales" + std::to_string(slot) + ".hex");
    const int lanes = rows == 1 ? 1 : ch;
    for (int row = 0; row < rows; row += lanes) {
      Word word;
      for (int lane = 0; lane < lanes; ++lane) {
        word.append(multiplier[static_cast<std::size_t>(row + lane)], mul_bits);
        word.append(bias[static_cast<std::size_t>(row + lane)], bias_bits);
      }
      file << word.hex();
    }
  }
  [[nodiscard]] Frame frame(Random& random, int style) const {
    const Codes in = draw_codes(random, style, static_cast<std::size_t>(c) * 8, in_bits, in_signed);
    Codes out;
    for (std::size_t i = 0; i < in.size(); ++i) {
      const std::size_t row = rows == 1 ? 0 : i % static_cast<std::size_t>(c);
      const Wide sum = Wide{in[i]} * multiplier[row] + bias[row];
      const Wide code = std::clamp<Wide>(sum >> shift, out_lo, out_hi);
      out.push_back(static_cast<std::int64_t>(code));
    }
    return {{beats(in, ch, in_bits)}, {beats(out, ch, out_bits)}};
  }
};

template <class Unit>
void add_unit(Bench<Vrequant_top>& bench, const char* name, int slot, const Unit& unit) {
  bench.add({name + (" " + std::to_string(slot)),
             {slot_input(bench.top(), slot, unit.ch * unit.in_bits)},
             {slot_output(bench.top(), slot, unit.ch * unit.out_bits)},
             [unit](Random& random, int style) { return unit.frame(random, style); },
             8.0 * unit.c / unit.ch});
}

}  // namespace

int main() {
  std::filesystem::create_directories("mem");
  std::vector<Threshold> thresholds{{12, 3, 10, 1, 4, 0, 15, 12},     {6, 2, 8, 0, 4, -8, 15, 6},
                                    {4, 1, 13, 1, 3, -3, 6, 1},       {4, 4, 9, 1, 1, 0, 1, 4},
                                    {8, 2, 28, 1, 5, -16, 31, 8},     {10, 2, 12, 0, 8, 0, 200, 10},
                                    {64, 1, 11, 1, 8, -128, 255, 64}, {3, 1, 20, 1, 2, 0, 2, 3}};
  std::vector<Scale> scales{
      {12, 3, 16, 1, 8, 0, 255, 9, 20, 12, 12, 0, 0},   {4, 2, 9, 0, 4, -8, 7, 6, 14, 7, 4, 0, 0},
      {4, 1, 20, 1, 8, -100, 100, 13, 38, 20, 1, 0, 0}, {6, 2, 18, 1, 8, 0, 255, 14, 30, 18, 6, 1, 0},
      {3, 3, 22, 1, 8, -128, 127, 11, 33, 22, 3, 1, 1}, {4, 1, 12, 1, 6, -20, 31, 1, 4, 0, 4, 0, 0},
      {2, 1, 30, 1, 8, 0, 255, 24, 50, 40, 2, 0, 0},    {5, 5, 8, 0, 7, 3, 90, 3, 30, 31, 1, 0, 0}};
  // The files are read when a model is made.
  Random random(7);
  int slot = 0;
  for (Threshold& unit : thresholds) {
    unit.draw(random);
    unit.write(slot++);
  }
  for (Scale& unit : scales) {
    unit.draw(random);
    unit.write(slot++);
  }
  return run_bench<Vrequant_top>(
      [&](Bench<Vrequant_top>& bench) {
        int index = 0;
        for (const Threshold& unit : thresholds) add_unit(bench, "thresholds", index++, unit);
        for (const Scale& unit : scales) add_unit(bench, "scale", index++, unit);
      },
      12);
}
