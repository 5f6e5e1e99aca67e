#pragma once

#include <cstdint>

/// Handshakes of the library's modules, cycle by cycle and without data: each unit here has the control
/// registers of one module under rtl/ and nothing else.
namespace bitmason::timing {

/// One stream. The producer's unit sets `valid` for the next cycle, the consumer's `ready` for this one.
struct Wire {
  bool valid = false;
  bool ready = false;
  [[nodiscard]] bool moves() const { return valid && ready; }
};

/// Hash of a design's control registers (FNV-1a over whole values).
class StateHash {
 public:
  template <class... Values>
  void operator()(const Values&... values) {
    (mix(static_cast<std::uint64_t>(values)), ...);
  }
  [[nodiscard]] std::uint64_t value() const { return hash_; }

 private:
  void mix(std::uint64_t value) { hash_ = (hash_ ^ value) * 0x100000001b3ULL; }
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

/// One module, or one part of it. In every cycle consumers tick before their producers: a unit finds `ready`
/// of its outputs and `valid` of its inputs as they are in this cycle.
class Unit {
 public:
  Unit() = default;
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;
  virtual ~Unit() = default;
  /// One clock cycle: says `ready` to the inputs, then takes the clock's edge.
  virtual void tick() = 0;
  /// Enters every register.
  virtual void enter(StateHash& hash) const = 0;
};

/// Counts 0 to limit - 1 round, as rtl/bm_count.sv.
class Count {
 public:
  explicit Count(std::int64_t limit) : limit_(limit) {}
  [[nodiscard]] bool last() const { return value_ == limit_ - 1; }
  [[nodiscard]] std::int64_t value() const { return value_; }
  /// Advances where `step`; true where it went round.
  bool step(bool step = true) {
    if (!step) return false;
    if (++value_ < limit_) return false;
    value_ = 0;
    return true;
  }
  void restart() { value_ = 0; }

 private:
  std::int64_t limit_;
  std::int64_t value_ = 0;
};

}  // namespace bitmason::timing
