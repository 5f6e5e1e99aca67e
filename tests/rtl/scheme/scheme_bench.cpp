// Drives every scheme of a set at once: blocks of random and extreme operands back to back, with gaps between
// steps, and after a reset in mid-block; outputs, and the cycle in which they come, are compared with plain
// loops over the original weights and activations.
#include "Vscheme_top.h"
#include "scheme_reference.hpp"

#include <verilated.h>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace bitmason::rtl {
namespace {

class Bench {
 public:
  Bench(const std::string& set, std::uint64_t seed) : random_(seed) {
    for (SchemeCase& test : scheme_cases(set)) references_.emplace_back(std::move(test), random_());
    context_.randReset(2);
    context_.randSeed(static_cast<int>(seed));
    top_ = std::make_unique<Vscheme_top>(&context_);
  }

  bool run(long cycles) {
    for (const int gaps : {0, 20, 0, 70})
      if (!phase(gaps, cycles)) return false;
    for (const auto& reference : references_) {
      std::printf("%s %6ld blocks equal\n", reference.text().c_str(), reference.blocks());
      if (reference.blocks() < 8) return false;
    }
    return true;
  }

 private:
  void clock() {
    top_->clk = 1;
    top_->eval();
    top_->clk = 0;
    top_->eval();
  }

  /// From reset on; the next phase's reset ends it in mid-block. Inputs are random where no step is given.
  bool phase(int gaps, long cycles) {
    top_->rst = 1;
    top_->valid = random_();
    for (int i = 0; i < 40; ++i) clock();
    top_->rst = 0;
    for (auto& reference : references_) reference.restart();
    for (long cycle = 0; cycle < cycles; ++cycle) {
      std::uint64_t valid = 0, first = random_(), last = random_();
      for (std::size_t i = 0; i < references_.size(); ++i) {
        Reference& reference = references_[i];
        for (int word = 0; word < reference.noise_words(); ++word)
          top_->activations[i][static_cast<std::size_t>(word)] =
              top_->weights[i][static_cast<std::size_t>(word)] = static_cast<std::uint32_t>(random_());
        const bool step = static_cast<int>(random_() % 100) >= gaps;
        const auto bit = std::uint64_t{1} << i;
        if (step) {
          valid |= bit;
          first = reference.first() ? first | bit : first & ~bit;
          last = reference.last() ? last | bit : last & ~bit;
          put(top_->activations[i], reference.step(cycle));
        }
        if (const hw::Word* weights = reference.weights_at(cycle)) put(top_->weights[i], *weights);
      }
      top_->valid = valid;
      top_->first = first;
      top_->last = last;
      clock();
      for (std::size_t i = 0; i < references_.size(); ++i)
        if (!references_[i].take(cycle, (top_->outputs_valid >> i) & 1, top_->outputs[i])) return false;
    }
    return true;
  }

  template <typename Words>
  static void put(Words& words, const hw::Word& value) {
    for (int bit = 0; bit < value.bits(); ++bit) {
      const auto at = static_cast<std::size_t>(bit);
      const auto set = static_cast<std::uint32_t>((value.limbs()[at / 64] >> (at % 64)) & 1);
      words[at / 32] = (words[at / 32] & ~(1U << (at % 32))) | set << (at % 32);
    }
  }

  VerilatedContext context_;
  std::mt19937_64 random_;
  std::vector<Reference> references_;
  std::unique_ptr<Vscheme_top> top_;
};

}  // namespace
}  // namespace bitmason::rtl

int main(int argc, char** argv) {
  bitmason::rtl::Bench bench(argc > 1 ? argv[1] : "", argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  if (!bench.run(argc > 3 ? std::atol(argv[3]) : 600)) return 1;
  std::puts("all schemes equal");
}
