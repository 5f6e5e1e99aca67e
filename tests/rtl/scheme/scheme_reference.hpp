#pragma once

#include <cstdint>
#include <cstdio>
#include <deque>
#include <random>

#include "hw/scheme_layout.hpp"
#include "scheme_case.hpp"

namespace bitmason::rtl {

using Rows = std::vector<std::vector<std::int64_t>>;

/// What a method computes of kernel rows [row][tap] and rows of pixels [row][pixel], by plain loops: added to
/// outputs [output][position].
void add_outputs(pack::Method method, const Rows& weights, const Rows& pixels, Rows& outputs);

/// Draws the operands of one scheme and knows the outputs of the blocks that are on their way.
class Reference {
 public:
  Reference(SchemeCase test, std::uint64_t seed);

  void restart();
  [[nodiscard]] bool first() const { return step_ == 0; }
  [[nodiscard]] bool last() const { return step_ == test_.shape.steps - 1; }
  [[nodiscard]] long blocks() const { return blocks_; }
  [[nodiscard]] std::string text() const;
  /// 32 bit words of the wider input.
  [[nodiscard]] int noise_words() const { return noise_words_; }

  /// The activations of a step in this cycle.
  hw::Word step(long cycle);
  /// The weights that are due in this cycle.
  const hw::Word* weights_at(long cycle);

  /// Compares what comes with what is due; false with a message at the first difference.
  template <typename Words>
  bool take(long cycle, bool valid, const Words& words) {
    // Inputs of `cycle` are seen at its edge, after which outputs of `latency` 1 stand.
    const bool due = !due_.empty() && due_.front().at == cycle + 1;
    if (valid != due)
      return std::printf("%s: %s in cycle %ld\n", test_.name.c_str(),
                         due ? "no outputs" : "outputs of no block", cycle),
             false;
    if (!due) return true;
    std::size_t place = 0;
    for (std::size_t c = 0; c < due_.front().outputs.size(); ++c) {
      const Rows& outputs = due_.front().outputs[c];
      for (std::size_t o = 0; o < outputs.size(); ++o) {
        for (std::size_t u = 0; u < outputs[o].size(); ++u) {
          std::uint64_t got = 0;
          const auto bits = static_cast<std::size_t>(test_.module.output_bits);
          for (std::size_t b = 0; b < bits; ++b, ++place)
            got |= static_cast<std::uint64_t>((words[place / 32] >> (place % 32)) & 1U) << b;
          const std::uint64_t wanted =
              static_cast<std::uint64_t>(outputs[o][u]) & ((std::uint64_t{1} << bits) - 1);
          if (got != wanted)
            return std::printf("%s: block %ld channel %zu output %zu position %zu is %llx, expected %llx\n",
                               test_.name.c_str(), blocks_, c, o, u, static_cast<unsigned long long>(got),
                               static_cast<unsigned long long>(wanted)),
                   false;
        }
      }
    }
    due_.pop_front();
    ++blocks_;
    return true;
  }

 private:
  struct Due {
    long at;
    std::vector<Rows> outputs;  ///< [channel][output][position], less what centring adds
  };
  struct Weights {
    long at;
    hw::Word word;
  };
  std::int64_t value(const IntRange& range, int at_low);
  void clear_block();

  SchemeCase test_;
  std::mt19937_64 random_;
  std::vector<Rows> outputs_;      ///< of the running block
  std::vector<Rows> weight_sums_;  ///< operands over lanes and steps, [channel][product][tap]
  std::deque<Due> due_;
  std::deque<Weights> weights_;
  int step_ = 0, style_ = 0, corner_ = 0, noise_words_ = 0;
  long blocks_ = 0;
};

}  // namespace bitmason::rtl
