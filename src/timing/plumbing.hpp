#pragma once

#include <vector>

#include "timing/unit.hpp"

/// Units of the modules that carry streams: slices, FIFOs, forks, width changes, joins.
namespace bitmason::timing {

/// rtl/bm_skid.sv.
class Skid : public Unit {
 public:
  Skid(Wire& in, Wire& out) : in_(in), out_(out) {}
  void tick() override;
  void enter(StateHash& hash) const override { hash(out_.valid, spilled_); }

 private:
  Wire& in_;
  Wire& out_;
  bool spilled_ = false;
};

/// rtl/bm_ram_stream.sv: addresses in, words out.
class ReadPort {
 public:
  explicit ReadPort(bool block) : block_(block) {}
  /// True where an address is taken in this cycle.
  [[nodiscard]] bool ready(const Wire& out) const {
    const bool move = !out.valid || out.ready;
    return block_ ? !held_ || move : move;
  }
  void tick(bool address, Wire& out);
  void enter(StateHash& hash) const { hash(held_); }

 private:
  bool block_;
  bool held_ = false;  ///< in the memory's own register
};

/// rtl/bm_fifo.sv, with the fill of its memory.
class Fifo : public Unit {
 public:
  Fifo(Wire& in, Wire& out, int depth, bool block) : in_(in), out_(out), port_(block), depth_(depth) {}
  void tick() override;
  void enter(StateHash& hash) const override;
  /// A beat left in the cycle that ticked last.
  [[nodiscard]] bool sent() const { return sent_; }
  /// Most beats that the memory has held.
  [[nodiscard]] int mark() const { return mark_; }

 private:
  Wire& in_;
  Wire& out_;
  ReadPort port_;
  int depth_;
  int count_ = 0;
  int mark_ = 0;
  bool sent_ = false;
};

/// rtl/bm_fork.sv.
class Fork : public Unit {
 public:
  Fork(Wire& in, std::vector<Wire*> outs) : in_(in), outs_(std::move(outs)) {}
  void tick() override;
  void enter(StateHash& hash) const override;

 private:
  Wire& in_;
  std::vector<Wire*> outs_;
};

/// rtl/bm_repack.sv.
class Repack : public Unit {
 public:
  Repack(Wire& in, Wire& out, int from, int to)
      : in_(in), out_(out), up_(to > from), part_(up_ ? to / from : from / to) {}
  void tick() override;
  void enter(StateHash& hash) const override { hash(out_.valid, part_.value()); }

 private:
  Wire& in_;
  Wire& out_;
  bool up_;
  Count part_;
};

/// A pipeline that moves as a whole, behind one or several inputs taken together: rtl/bm_add.sv.
class RigidPipeline : public Unit {
 public:
  RigidPipeline(std::vector<Wire*> ins, Wire& out, int stages)
      : ins_(std::move(ins)), out_(out), valid_(static_cast<std::size_t>(stages), false) {}
  void tick() override;
  void enter(StateHash& hash) const override;

 private:
  std::vector<Wire*> ins_;
  Wire& out_;
  std::vector<char> valid_;  ///< a ring; `first_` is the stage that a beat enters next
  std::size_t first_ = 0;
};

/// rtl/bm_concat.sv.
class Concat : public Unit {
 public:
  Concat(std::vector<Wire*> ins, Wire& out, std::vector<std::int64_t> groups)
      : ins_(std::move(ins)), out_(out), groups_(std::move(groups)) {}
  void tick() override;
  void enter(StateHash& hash) const override { hash(out_.valid, turn_, beat_); }

 private:
  std::vector<Wire*> ins_;
  Wire& out_;
  std::vector<std::int64_t> groups_;
  std::size_t turn_ = 0;
  std::int64_t beat_ = 0;
};

/// rtl/bm_credit.sv before its FIFO: admission and a pipeline of `latency` cycles.
class Credit : public Unit {
 public:
  /// Beats that pipeline and FIFO hold together.
  static int depth(int latency) { return latency + 4; }
  Credit(Wire& in, Wire& out, const Fifo& fifo, int latency)
      : in_(in),
        out_(out),
        fifo_(fifo),
        credits_(depth(latency)),
        under_way_(static_cast<std::size_t>(latency), false) {}
  void tick() override;
  void enter(StateHash& hash) const override;

 private:
  Wire& in_;
  Wire& out_;
  const Fifo& fifo_;
  int credits_;
  bool open_ = true;
  bool returned_ = false;
  std::vector<char> under_way_;  ///< a ring
  std::size_t first_ = 0;
};

}  // namespace bitmason::timing
