#include "conv_model.hpp"

#include <algorithm>
#include <fstream>

namespace bitmason::rtl {
namespace {

std::int64_t pick(std::mt19937_64& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

/// Bits lowest first, as a hexadecimal word.
std::string hexadecimal(std::vector<bool> bits) {
  while (bits.size() % 4 != 0) bits.push_back(false);
  std::string digits;
  for (std::size_t i = 0; i < bits.size(); i += 4) {
    const int digit = bits[i] + 2 * bits[i + 1] + 4 * bits[i + 2] + 8 * bits[i + 3];
    digits.push_back("0123456789abcdef"[digit]);
  }
  std::reverse(digits.begin(), digits.end());
  return digits;
}

void append(std::vector<bool>& bits, std::int64_t value, int count) {
  for (int b = 0; b < count; ++b) bits.push_back(((value >> b) & 1) != 0);
}

}  // namespace

ConvModel::ConvModel(const ConvCase& test, std::uint64_t seed) : test_(test), random_(seed) {
  const int per_output = test.kh * test.kw * (test.dw ? 1 : test.cin);
  for (int out = 0; out < test.cout; ++out) {
    for (int i = 0; i < per_output; ++i) {
      const auto kind = pick(random_, 0, 3);
      const bool lowest = out % 4 == 0 || kind == 0, highest = out % 4 == 1 || kind == 1;
      weights_.push_back(lowest    ? test.weight_low()
                         : highest ? test.weight_high()
                                   : pick(random_, test.weight_low(), test.weight_high()));
    }
    bias_.push_back(test.has_bias ? pick(random_, -100, 100) : 0);
  }
}

std::int64_t ConvModel::weight(int out, int in, int ky, int kx) const {
  const int inputs = test_.dw ? 1 : test_.cin;
  return weights_[static_cast<std::size_t>(((out * inputs + (test_.dw ? 0 : in)) * test_.kh + ky) * test_.kw +
                                           kx)];
}

std::string ConvModel::word(int group, int step) const {
  const int channel_steps = test_.dw ? 1 : test_.channel_groups();
  const int taps = test_.conv ? 1 : test_.kw;
  const int channel_group = step % channel_steps, tap = step / channel_steps % taps;
  const int row_group = step / channel_steps / taps;
  std::vector<bool> bits;
  for (int lane = 0; lane < test_.simd * test_.kpf; ++lane)
    for (int column = 0; column < test_.cols; ++column)
      for (int operand = 0; operand < test_.nw(); ++operand) {
        const int ky = row_group * test_.kpf + lane / test_.simd;
        const int kx = test_.conv ? test_.kw - 1 - operand : tap;
        const int in = channel_group * test_.simd + lane % test_.simd;
        const int out = group * test_.pe() +
                        (test_.dw ? lane % test_.simd
                                  : column * (test_.conv ? 1 : test_.nwc) + (test_.conv ? 0 : operand));
        append(bits, weight(out, in, ky, kx), test_.wbits);
      }
  return hexadecimal(bits);
}

void ConvModel::write_memories() const {
  std::ofstream weights(test_.name + "_w.mem");
  for (int group = 0; group < test_.groups(); ++group)
    for (int step = 0; step < test_.steps(); ++step) weights << word(group, step) << '\n';
  std::ofstream bias(test_.name + "_b.mem");
  for (const auto& edges : word_edges())
    for (int group = 0; group < test_.groups(); ++group) {
      std::vector<bool> bits;
      for (const int edge : edges)
        for (int c = 0; c < test_.pe(); ++c) {
          const int out = group * test_.pe() + c;
          append(bits, bias_[static_cast<std::size_t>(out)] + test_.centre() * weight_sum(out, edge),
                 test_.out_bits());
        }
      bias << hexadecimal(bits) << '\n';
    }
}

std::vector<std::vector<int>> ConvModel::word_edges() const {
  const int left = test_.centred && test_.conv ? test_.pl : 0,
            right = test_.centred && test_.conv ? test_.pr : 0;
  std::vector<std::vector<int>> words;
  if (!test_.align) {
    for (int edge = 0; edge <= left + right; ++edge) words.push_back({edge});
    return words;
  }
  const std::vector<int> between(static_cast<std::size_t>(test_.block()), left);
  if (left > 0) words.push_back(between);
  words.push_back(between);
  if (right > 0) words.push_back(between);
  for (int i = 0; i < left; ++i) words.front()[static_cast<std::size_t>(i)] = i;
  for (int i = 0; i < right; ++i)
    words.back()[static_cast<std::size_t>(test_.block() - right + i)] = left + 1 + i;
  return words;
}

std::int64_t ConvModel::weight_sum(int out, int edge) const {
  // The output column that stands for the class: one of the first pl, one between, one of the last pr.
  const int column = edge <= test_.pl ? edge : test_.wo() - test_.pr + edge - test_.pl - 1;
  std::int64_t sum = 0;
  for (int kx = 0; kx < test_.kw; ++kx) {
    const int x = column + kx - test_.pl;
    if (test_.conv && (x < 0 || x >= test_.w)) continue;
    for (int ky = 0; ky < test_.kh; ++ky)
      for (int in = 0; in < (test_.dw ? 1 : test_.cin); ++in) sum += weight(out, test_.dw ? out : in, ky, kx);
  }
  return sum;
}

std::vector<std::int64_t> ConvModel::frame(int index) {
  std::vector<std::int64_t> codes(static_cast<std::size_t>(test_.h * test_.w * test_.cin));
  for (auto& code : codes) {
    const auto low = test_.code_low(), high = test_.code_high();
    switch (index % 4) {
      case 0:
        code = pick(random_, low, high);
        break;
      case 1:
        code = high;
        break;
      case 2:
        code = pick(random_, 0, 3) == 0 ? high : low;
        break;
      default:
        code = pick(random_, 0, 1) == 0 ? high : low;
        break;
    }
  }
  return codes;
}

std::vector<std::int64_t> ConvModel::convolve(const std::vector<std::int64_t>& codes) const {
  std::vector<std::int64_t> sums;
  for (int oy = 0; oy < test_.ho(); ++oy)
    for (int ox = 0; ox < test_.wo(); ++ox)
      for (int out = 0; out < test_.cout; ++out) {
        std::int64_t sum = bias_[static_cast<std::size_t>(out)];
        for (int ky = 0; ky < test_.kh; ++ky)
          for (int kx = 0; kx < test_.kw; ++kx) {
            const int y = oy * test_.sh + ky - test_.pt, x = ox * test_.sw + kx - test_.pl;
            const bool inside = y >= 0 && y < test_.h && x >= 0 && x < test_.w;
            for (int in = 0; in < (test_.dw ? 1 : test_.cin); ++in) {
              const int channel = test_.dw ? out : in;
              const auto code = inside
                                    ? codes[static_cast<std::size_t>((y * test_.w + x) * test_.cin + channel)]
                                    : test_.pad_value;
              sum += weight(out, in, ky, kx) * code;
            }
          }
        sums.push_back(sum);
      }
  return sums;
}

}  // namespace bitmason::rtl
