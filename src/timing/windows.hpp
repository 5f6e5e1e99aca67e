#pragma once

#include <cstdint>

#include "timing/plumbing.hpp"

/// Units of the modules that keep parts of a frame: pools and rearrangements.
namespace bitmason::timing {

/// rtl/bm_pool_pad.sv.
class PoolPad : public Unit {
 public:
  struct Shape {
    int groups, height, width, top, left, bottom, right;
  };
  PoolPad(Wire& in, Wire& out, const Shape& shape);
  void tick() override;
  void enter(StateHash& hash) const override;

 private:
  Wire& in_;
  Wire& out_;
  Shape shape_;
  Count group_, column_, row_;
  bool known_ = false;
  bool pad_ = false;
};

/// rtl/bm_pool_line.sv before its register slice.
class PoolLine : public Unit {
 public:
  struct Shape {
    std::int64_t positions, kernel, stride, inner;
  };
  PoolLine(Wire& in, Wire& out, const Shape& shape);
  void tick() override;
  void enter(StateHash& hash) const override;

 private:
  Wire& in_;
  Wire& out_;
  Shape shape_;
  Count inner_, position_, phase_;
  bool held_ = false;
  bool emits_ = false;
};

/// rtl/bm_reorder.sv: blocks of `writes` beats, read in `reads` beats each.
class Reorder : public Unit {
 public:
  Reorder(Wire& in, Wire& out, std::int64_t writes, std::int64_t reads, bool block)
      : in_(in), out_(out), port_(block), write_(writes), read_(reads) {}
  void tick() override;
  void enter(StateHash& hash) const override;

 private:
  Wire& in_;
  Wire& out_;
  ReadPort port_;
  Count write_, read_;
  bool full_[2] = {false, false};
  bool write_side_ = false;
  bool read_side_ = false;
};

}  // namespace bitmason::timing
