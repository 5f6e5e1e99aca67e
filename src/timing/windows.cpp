#include "timing/windows.hpp"

namespace bitmason::timing {

PoolPad::PoolPad(Wire& in, Wire& out, const Shape& shape)
    : in_(in),
      out_(out),
      shape_(shape),
      group_(shape.groups),
      column_(shape.left + shape.width + shape.right),
      row_(shape.top + shape.height + shape.bottom) {}

void PoolPad::tick() {
  const bool free = !out_.valid || out_.ready;
  in_.ready = known_ && !pad_ && free;
  const bool take = known_ && free && (pad_ || in_.valid);
  if (!known_ || take) {
    const bool inside = row_.value() >= shape_.top && row_.value() < shape_.top + shape_.height &&
                        column_.value() >= shape_.left && column_.value() < shape_.left + shape_.width;
    pad_ = !inside;
    row_.step(column_.step(group_.step()));
  }
  known_ = true;
  if (free) out_.valid = take;
}

void PoolPad::enter(StateHash& hash) const {
  hash(out_.valid, group_.value(), column_.value(), row_.value(), known_, pad_);
}

PoolLine::PoolLine(Wire& in, Wire& out, const Shape& shape)
    : in_(in),
      out_(out),
      shape_(shape),
      inner_(shape.inner),
      position_(shape.positions),
      phase_(shape.stride) {}

void PoolLine::tick() {
  // `out` is the register slice's input, whose `ready` is a register.
  const bool advance = !emits_ || out_.ready;
  in_.ready = !held_ || advance;
  const bool accept = in_.moves();
  if (in_.ready) {
    held_ = in_.valid;
    emits_ = phase_.value() == (shape_.kernel - 1) % shape_.stride && position_.value() >= shape_.kernel - 1;
  }
  if (accept && inner_.step()) {
    if (position_.step()) {
      phase_.restart();
    } else {
      phase_.step();
    }
  }
  out_.valid = held_ && emits_;
}

void PoolLine::enter(StateHash& hash) const {
  hash(inner_.value(), position_.value(), phase_.value(), held_, held_ && emits_);
}

void Reorder::tick() {
  const bool reads = full_[read_side_ ? 1 : 0];
  const bool pop = reads && port_.ready(out_);
  in_.ready = !full_[write_side_ ? 1 : 0];
  const bool push = in_.moves();
  port_.tick(reads, out_);
  if (pop && read_.step()) {
    full_[read_side_ ? 1 : 0] = false;
    read_side_ = !read_side_;
  }
  if (push && write_.step()) {
    full_[write_side_ ? 1 : 0] = true;
    write_side_ = !write_side_;
  }
}

void Reorder::enter(StateHash& hash) const {
  // Which of the two buffers is which does not matter.
  hash(out_.valid, write_.value(), read_.value(), full_[read_side_ ? 1 : 0], full_[read_side_ ? 0 : 1],
       write_side_ == read_side_);
  port_.enter(hash);
}

}  // namespace bitmason::timing
