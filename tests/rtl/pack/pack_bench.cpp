// Drives every case of a set at once: blocks of random and extreme operands back to back, with gaps between
// the steps, and after a reset in mid-block; every field sum is compared with plain loops.
#include "Vpack_top.h"
#include "pack_case.hpp"

#include <verilated.h>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <random>

namespace bitmason::rtl {
namespace {

template <typename Words>
void put(Words& words, int at, int bits, std::int64_t value) {
  for (int b = 0; b < bits; ++b) {
    const auto place = static_cast<std::size_t>(at + b);
    words[place / 32] &= ~(1U << (place % 32));
    words[place / 32] |= static_cast<std::uint32_t>((value >> b) & 1) << (place % 32);
  }
}

/// One case: the step it is in, the sums of the running block and those that are due.
class Lane {
 public:
  Lane(const PackCase& test, std::uint64_t seed) : test_(test), fields_(test.fields()), random_(seed) {
    restart();
  }

  void restart() {
    step_ = 0;
    due_.clear();
    sums_.assign(static_cast<std::size_t>(test_.cols) * fields_.size(), 0);
  }
  const PackCase& test() const { return test_; }
  long blocks() const { return blocks_; }
  bool first() const { return step_ == 0; }
  bool last() const { return step_ == test_.steps - 1; }

  /// Draws the operands of a step and adds their products.
  template <typename Words>
  void step(Words& w, Words& a, Words& codes, Words& w_negative, Words& negative) {
    if (step_ == 0) style_ = static_cast<int>(random_() % 8), corner_ = static_cast<int>(random_() % 4);
    for (int l = 0; l < test_.lanes; ++l) {
      std::vector<std::int64_t> pixels;
      std::int64_t packed = 0;
      for (int j = 0; j < test_.na(); ++j) {
        pixels.push_back(value(test_.alow, test_.ahigh, corner_ & 1));
        const auto code = code_of(pixels.back(), negative, l * test_.na() + j);
        put(codes, (l * test_.na() + j) * test_.abits, test_.abits, code);
        packed += code * (std::int64_t{1} << test_.aoff[static_cast<std::size_t>(j)]);
      }
      put(a, l * test_.aport(), test_.aport(), packed);
      for (int c = 0; c < test_.cols; ++c)
        for (int i = 0; i < test_.nw(); ++i) {
          const auto weight = value(test_.wlow, test_.whigh, corner_ & 2);
          const int place = (l * test_.cols + c) * test_.nw() + i;
          put(w, place * test_.wbits, test_.wbits, code_of(weight, w_negative, place));
          for (int j = 0; j < test_.na(); ++j) sum(c, i, j) += weight * pixels[static_cast<std::size_t>(j)];
        }
    }
    if (++step_ < test_.steps) return;
    due_.push_back(sums_);
    sums_.assign(sums_.size(), 0);
    step_ = 0;
  }

  /// Compares the sums of a block; false with a message at the first difference.
  template <typename Words>
  bool take(const Words& words) {
    if (due_.empty()) return std::printf("%s: sums without a block\n", test_.name.c_str()), false;
    const int bits = test_.out_bits();
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      std::int64_t got = 0;
      for (int b = 0; b < bits; ++b) {
        const auto place = i * static_cast<std::size_t>(bits) + static_cast<std::size_t>(b);
        got |= static_cast<std::int64_t>((words[place / 32] >> (place % 32)) & 1U) << b;
      }
      if ((got >> (bits - 1)) & 1) got -= std::int64_t{1} << bits;
      if (got != due_.front()[i])
        return std::printf("%s: block %ld column %zu field %zu is %lld, expected %lld\n", test_.name.c_str(),
                           blocks_, i / fields_.size(), i % fields_.size(), static_cast<long long>(got),
                           static_cast<long long>(due_.front()[i])),
               false;
    }
    due_.pop_front();
    ++blocks_;
    return true;
  }

 private:
  /// What stands on the port: the value or, with its sign put into `signs`, its magnitude. Zero has either
  /// sign.
  template <typename Words>
  std::int64_t code_of(std::int64_t value, Words& signs, int place) {
    if (!test_.magnitudes) return value;
    put(signs, place, 1, value < 0 || (value == 0 && random_() % 2 == 0) ? 1 : 0);
    return std::abs(value);
  }
  std::int64_t value(int low, int high, int at_low) {
    const bool extreme = style_ == 0 || (style_ < 4 && random_() % 2 == 0);
    if (style_ == 0) return at_low != 0 ? low : high;
    if (extreme) return random_() % 2 == 0 ? low : high;
    return low + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  std::int64_t& sum(int column, int i, int j) {
    const int place = test_.woff[static_cast<std::size_t>(i)] + test_.aoff[static_cast<std::size_t>(j)];
    std::size_t k = 0;
    while (fields_[k] != place) ++k;
    return sums_[static_cast<std::size_t>(column) * fields_.size() + k];
  }

  PackCase test_;
  std::vector<int> fields_;
  std::mt19937_64 random_;
  std::vector<std::int64_t> sums_;
  std::deque<std::vector<std::int64_t>> due_;
  int step_ = 0, style_ = 0, corner_ = 0;
  long blocks_ = 0;
};

class Bench {
 public:
  Bench(const std::string& set, std::uint64_t seed) : random_(seed) {
    for (const auto& test : pack_cases(set)) lanes_.emplace_back(test, random_());
    context_.randReset(2);
    context_.randSeed(static_cast<int>(seed));
    top_ = std::make_unique<Vpack_top>(&context_);
  }

  bool run(long cycles) {
    for (const int gaps : {0, 20, 0, 70})
      if (!phase(gaps, cycles)) return false;
    for (const auto& lane : lanes_) {
      std::printf("%-24s %6ld blocks equal\n", lane.test().name.c_str(), lane.blocks());
      if (lane.blocks() < 8) return false;
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

  /// From reset on; the next phase's reset ends it in mid-block. Operands are random where no step is given.
  bool phase(int gaps, long cycles) {
    top_->rst = 1;
    top_->valid = random_();
    for (int i = 0; i < 20; ++i) clock();
    top_->rst = 0;
    for (auto& lane : lanes_) lane.restart();
    for (long cycle = 0; cycle < cycles; ++cycle) {
      std::uint64_t valid = 0, first = random_(), last = random_();
      for (std::size_t i = 0; i < lanes_.size(); ++i) {
        for (int b = 0; b < 32; ++b) {
          const auto word = static_cast<std::size_t>(b);
          top_->w[i][word] = top_->a[i][word] = top_->codes[i][word] = top_->w_negative[i][word] =
              top_->negative[i][word] = static_cast<std::uint32_t>(random_());
        }
        if (static_cast<int>(random_() % 100) < gaps) continue;
        const auto bit = std::uint64_t{1} << i;
        valid |= bit;
        first = lanes_[i].first() ? first | bit : first & ~bit;
        last = lanes_[i].last() ? last | bit : last & ~bit;
        lanes_[i].step(top_->w[i], top_->a[i], top_->codes[i], top_->w_negative[i], top_->negative[i]);
      }
      top_->valid = valid;
      top_->first = first;
      top_->last = last;
      clock();
      for (std::size_t i = 0; i < lanes_.size(); ++i)
        if ((top_->sums_valid >> i) & 1)
          if (!lanes_[i].take(top_->sums[i])) return false;
    }
    return true;
  }

  VerilatedContext context_;
  std::mt19937_64 random_;
  std::vector<Lane> lanes_;
  std::unique_ptr<Vpack_top> top_;
};

}  // namespace
}  // namespace bitmason::rtl

int main(int argc, char** argv) {
  bitmason::rtl::Bench bench(argc > 1 ? argv[1] : "", argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  if (!bench.run(argc > 3 ? std::atol(argv[3]) : 5000)) return 1;
  std::puts("all cases equal");
}
