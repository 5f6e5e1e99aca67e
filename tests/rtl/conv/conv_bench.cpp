// Drives every case of conv_cases at once: frames back to back without stalls (measuring the interval), with
// random stalls on both sides and of weights from outside, and again after a reset in mid-frame; every
// accumulator is compared with plain loops.
#include "Vconv_top.h"
#include "conv_model.hpp"

#include <verilated.h>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace bitmason::rtl {
namespace {

constexpr int frame_count = 6;

/// One case's streams: what is left to send, what is due, when frames ended.
class Lane {
 public:
  Lane(const ConvCase& test, std::uint64_t seed) : test_(test), model_(test, seed) {
    model_.write_memories();
  }

  void restart() {
    sent_ = received_ = 0;
    ends_.clear();
    if (!codes_.empty()) return;
    for (int f = 0; f < frame_count; ++f) {
      const auto codes = model_.frame(f);
      const auto sums = model_.convolve(codes);
      codes_.insert(codes_.end(), codes.begin(), codes.end());
      sums_.insert(sums_.end(), sums.begin(), sums.end());
    }
  }
  const ConvCase& test() const { return test_; }
  bool can_send() const { return sent_ < codes_.size(); }
  bool complete() const { return received_ == sums_.size(); }
  std::size_t received() const { return received_; }

  template <typename Words>
  void put(Words& words) const {
    for (int i = 0; i < 16; ++i) words[static_cast<std::size_t>(i)] = 0;
    for (int c = 0; c < test_.inp * test_.simd; ++c)
      for (int b = 0; b < test_.abits; ++b) {
        const auto bit = static_cast<std::size_t>(c * test_.abits + b);
        if ((codes_[sent_ + static_cast<std::size_t>(c)] >> b) & 1) words[bit / 32] |= 1U << (bit % 32);
      }
  }
  void sent() { sent_ += static_cast<std::size_t>(test_.inp * test_.simd); }

  /// Compares a beat; false with a message at the first difference.
  template <typename Words>
  bool take(const Words& words, long cycle) {
    const int bits = test_.out_bits();
    for (int c = 0; c < test_.cho; ++c, ++received_) {
      if (complete()) return fail("sends more than its frames", 0, 0);
      std::int64_t value = 0;
      for (int b = 0; b < bits; ++b) {
        const auto bit = static_cast<std::size_t>(c * bits + b);
        value |= static_cast<std::int64_t>((words[bit / 32] >> (bit % 32)) & 1U) << b;
      }
      if ((value >> (bits - 1)) & 1) value -= std::int64_t{1} << bits;
      if (value != sums_[received_]) return fail("differs", value, sums_[received_]);
    }
    if (received_ % (sums_.size() / frame_count) == 0) ends_.push_back(cycle);
    return true;
  }

  /// Steady interval against the contract: the slower of engine and streams, within 1 %.
  bool check_interval() const {
    const double interval = static_cast<double>(ends_.back() - ends_[1]) / (frame_count - 2);
    const int due =
        std::max(test_.external ? test_.external_cycles() : test_.engine_cycles(), test_.stream_cycles());
    const bool holds =
        !test_.full_rate || (interval <= due * 1.01 && interval >= test_.engine_cycles() * 0.99);
    std::printf("%-24s interval %9.1f, engine %d, streams %d%s\n", test_.name.c_str(), interval,
                test_.engine_cycles(), test_.stream_cycles(), holds ? "" : "  <-- more than 1 % off");
    return holds;
  }

 private:
  bool fail(const char* what, std::int64_t value, std::int64_t expected) const {
    const auto frame = sums_.size() / frame_count;
    const auto place = received_ % frame;
    const auto channel = place % static_cast<std::size_t>(test_.cout);
    const auto pixel = place / static_cast<std::size_t>(test_.cout);
    std::printf("%s: frame %zu row %zu column %zu channel %zu %s: %lld, expected %lld\n", test_.name.c_str(),
                received_ / frame, pixel / static_cast<std::size_t>(test_.wo()),
                pixel % static_cast<std::size_t>(test_.wo()), channel, what, static_cast<long long>(value),
                static_cast<long long>(expected));
    return false;
  }

  ConvCase test_;
  ConvModel model_;
  std::vector<std::int64_t> codes_, sums_;
  std::size_t sent_ = 0, received_ = 0;
  std::vector<long> ends_;
};

class Bench {
 public:
  Bench(const std::string& set, std::uint64_t seed) : random_(seed) {
    for (const auto& test : conv_cases(set)) lanes_.emplace_back(test, seed);
    context_.randReset(2);
    context_.randSeed(static_cast<int>(seed));
    top_ = std::make_unique<Vconv_top>(&context_);
  }

  bool run() {
    return phase(0, 0, -1) && intervals() && phase(40, 0, -1) && phase(0, 60, -1) && phase(30, 30, 777) &&
           phase(50, 50, -1);
  }

 private:
  void clock() {
    top_->clk = 1;
    top_->eval();
    top_->clk = 0;
    top_->eval();
  }

  bool intervals() const {
    bool holds = true;
    for (const auto& lane : lanes_) holds &= lane.check_interval();
    return holds;
  }

  /// Runs all frames with the given stall percentages; ends after `abort` cycles if not negative.
  bool phase(int stall_in, int stall_out, long abort) {
    top_->rst_n = 0;
    top_->in_valid = 0;
    for (int i = 0; i < 3; ++i) clock();
    top_->rst_n = 1;
    for (auto& lane : lanes_) lane.restart();
    std::vector<bool> offered(lanes_.size());
    std::size_t last_total = 0;
    for (long cycle = 0, idle = 0; cycle != abort; ++cycle) {
      std::uint64_t valid = 0, ready = 0;
      for (std::size_t i = 0; i < lanes_.size(); ++i) {
        offered[i] = lanes_[i].can_send() && (offered[i] || !chance(stall_in));
        if (offered[i]) valid |= std::uint64_t{1} << i;
        if (offered[i]) lanes_[i].put(top_->in_data[i]);
        if (!chance(stall_out)) ready |= std::uint64_t{1} << i;
      }
      top_->in_valid = valid;
      top_->out_ready = ready;
      top_->hold = chance(stall_in);
      top_->eval();
      const std::uint64_t sent = valid & top_->in_ready, taken = ready & top_->out_valid;
      bool complete = true;
      std::size_t total = 0;
      for (std::size_t i = 0; i < lanes_.size(); ++i) {
        if ((taken >> i) & 1)
          if (!lanes_[i].take(top_->out_data[i], cycle)) return false;
        if ((sent >> i) & 1) {
          lanes_[i].sent();
          offered[i] = false;
        }
        complete &= lanes_[i].complete();
        total += lanes_[i].received();
      }
      clock();
      if (complete) return true;
      idle = total == last_total ? idle + 1 : 0;
      last_total = total;
      if (idle > 20000) return stuck();
    }
    return true;
  }

  bool stuck() const {
    for (const auto& lane : lanes_)
      if (!lane.complete())
        std::printf("%s: no output for 20000 cycles after %zu values\n", lane.test().name.c_str(),
                    lane.received());
    return false;
  }

  bool chance(int percent) { return percent > 0 && static_cast<int>(random_() % 100) < percent; }

  VerilatedContext context_;
  std::mt19937_64 random_;
  std::vector<Lane> lanes_;
  std::unique_ptr<Vconv_top> top_;
};

}  // namespace
}  // namespace bitmason::rtl

int main(int argc, char** argv) {
  bitmason::rtl::Bench bench(argc > 1 ? argv[1] : "", argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  if (!bench.run()) return 1;
  std::puts("all cases equal");
}
