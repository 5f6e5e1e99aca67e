#pragma once
#include "conv_case.hpp"

#include <random>

namespace bitmason::rtl {

/// Random and extreme data of one case, its memory files, and the convolution by plain loops.
class ConvModel {
 public:
  ConvModel(const ConvCase& test, std::uint64_t seed);

  /// Writes <name>_w.mem and <name>_b.mem into the working folder, in the order docs/hardware.md states.
  void write_memories() const;
  /// Codes of a frame, [row][column][channel]; frames cycle through random, all highest, all lowest and
  /// corner codes.
  std::vector<std::int64_t> frame(int index);
  /// Exact accumulators of a frame, [row][column][channel].
  std::vector<std::int64_t> convolve(const std::vector<std::int64_t>& codes) const;

 private:
  std::int64_t weight(int out, int in, int ky, int kx) const;
  /// Sum of the weights that meet codes, in family CONV those within the row at an output column of the
  /// class.
  std::int64_t weight_sum(int out, int edge) const;
  std::string word(int group, int step) const;
  /// Classes of columns whose biases make up each group's words of the bias memory.
  std::vector<std::vector<int>> word_edges() const;

  ConvCase test_;
  std::mt19937_64 random_;
  std::vector<std::int64_t> weights_, bias_;
};

}  // namespace bitmason::rtl
