#pragma once

// Model of an external memory behind an AXI4 read port: answers bursts in order after a latency, holds back
// at random where asked to, and checks the requests.

#include <cstdint>
#include <deque>
#include <fstream>
#include <iterator>
#include <string>

#include "options.hpp"

namespace bench {

/// Where the image lies; what the design is told as its base.
constexpr std::uint64_t kMemoryBase = 0x10000000;

struct MemoryRequest {
  bool valid = false;
  std::uint64_t address = 0;
  unsigned beats = 0;
  unsigned size = 0;  ///< log2 of a beat's bytes
  bool incrementing = true;
};

class Memory {
 public:
  /// `latency`: cycles from a request to its first beat; with `stall` per cent of gaps it varies from half to
  /// twice that.
  Memory(unsigned bits, unsigned latency, unsigned stall, unsigned long long seed)
      : bytes_(bits / 8),
        latency_(latency),
        stall_(stall),
        random_(seed),
        requests_(stall, seed + 1),
        beats_(stall, seed + 2) {}

  bool load(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    image_.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    return in.good() || in.eof();
  }
  /// Before a cycle: what this side offers in it.
  void offer(std::uint64_t cycle) {
    ready_ = !requests_.now() && bursts_.size() < 32;
    if (valid_) return;
    valid_ = !bursts_.empty() && bursts_.front().due <= cycle && !beats_.now();
  }
  bool ready() const { return ready_; }
  bool valid() const { return valid_; }
  bool last() const { return valid_ && bursts_.front().left == 1; }
  const char* data() const { return valid_ ? image_.data() + bursts_.front().offset : nullptr; }

  /// Within a cycle, before its clock edge; the violation of the design, or an empty text.
  std::string sample(std::uint64_t cycle, const MemoryRequest& request, bool beat_taken) {
    if (valid_ && beat_taken) {
      Burst& burst = bursts_.front();
      burst.offset += bytes_;
      valid_ = false;
      ++beats_read_;
      if (--burst.left == 0) bursts_.pop_front();
    }
    std::string violation;
    if (waiting_.valid && !same(waiting_, request))
      violation = "the read address changed before it was taken";
    if (request.valid && ready_) violation = violation.empty() ? accept(cycle, request) : violation;
    waiting_ = request;
    waiting_.valid = request.valid && !ready_;
    return violation;
  }
  std::uint64_t beats_read() const { return beats_read_; }
  void restart() {
    bursts_.clear();
    valid_ = false;
    waiting_ = {};
    beats_read_ = 0;
  }

 private:
  struct Burst {
    std::uint64_t offset = 0;
    unsigned left = 0;
    std::uint64_t due = 0;
  };
  static bool same(const MemoryRequest& a, const MemoryRequest& b) {
    return a.valid == b.valid && a.address == b.address && a.beats == b.beats;
  }
  std::string accept(std::uint64_t cycle, const MemoryRequest& request) {
    const std::uint64_t length = std::uint64_t{request.beats} * bytes_;
    if (!request.incrementing || 1U << request.size != bytes_)
      return "a burst is not of whole beats in ascending order";
    if (request.address < kMemoryBase || request.address - kMemoryBase + length > image_.size())
      return "a burst leaves the memory image";
    if (request.address / 4096 != (request.address + length - 1) / 4096) return "a burst crosses 4 KiB";
    const unsigned latency = stall_ == 0 ? latency_ : latency_ / 2 + random_.below(latency_ * 3 / 2 + 1);
    bursts_.push_back({request.address - kMemoryBase, request.beats, cycle + latency});
    return {};
  }

  std::string image_;
  unsigned bytes_;
  unsigned latency_;
  unsigned stall_;
  Random random_;
  Stalls requests_, beats_;
  std::deque<Burst> bursts_;
  MemoryRequest waiting_;
  bool ready_ = false;
  bool valid_ = false;
  std::uint64_t beats_read_ = 0;
};

}  // namespace bench
