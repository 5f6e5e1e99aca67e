#include "timing/plumbing.hpp"

#include <algorithm>

namespace bitmason::timing {

void Skid::tick() {
  in_.ready = !spilled_;
  if (!out_.valid || out_.ready) {
    out_.valid = in_.valid || spilled_;
    spilled_ = false;
  } else {
    spilled_ = in_.valid || spilled_;
  }
}

void ReadPort::tick(bool address, Wire& out) {
  const bool taken = ready(out);
  const bool move = !out.valid || out.ready;
  if (!block_) {
    if (move) out.valid = address;
    return;
  }
  if (move) out.valid = held_;
  if (taken) held_ = address;
}

void Fifo::tick() {
  in_.ready = count_ < depth_;
  sent_ = out_.moves();
  const bool filled = count_ > 0;
  const bool pop = filled && port_.ready(out_);
  port_.tick(filled, out_);
  count_ += static_cast<int>(in_.moves()) - static_cast<int>(pop);
  mark_ = std::max(mark_, count_);
}

void Fifo::enter(StateHash& hash) const {
  hash(out_.valid, count_);
  port_.enter(hash);
}

void Fork::tick() {
  bool waits = false;
  for (const Wire* out : outs_) waits = waits || (out->valid && !out->ready);
  in_.ready = !waits;
  for (Wire* out : outs_) out->valid = waits ? out->valid && !out->ready : in_.valid;
}

void Fork::enter(StateHash& hash) const {
  for (const Wire* out : outs_) hash(out->valid);
}

void Repack::tick() {
  const bool free = !out_.valid || out_.ready;
  if (up_) {
    const bool last = part_.last();
    in_.ready = !last || free;
    const bool step = in_.moves();
    part_.step(step);
    if (free) out_.valid = step && last;
    return;
  }
  const bool step = out_.moves();
  in_.ready = !out_.valid || (out_.ready && part_.last());
  part_.step(step);
  if (in_.ready) out_.valid = in_.valid;
}

void RigidPipeline::tick() {
  const bool move = !out_.valid || out_.ready;
  bool all = true;
  for (const Wire* in : ins_) all = all && in->valid;
  for (Wire* in : ins_) in->ready = move && all;
  if (!move) return;
  valid_[first_] = static_cast<char>(all);
  first_ = first_ + 1 == valid_.size() ? 0 : first_ + 1;
  out_.valid = valid_[first_] != 0;
}

void RigidPipeline::enter(StateHash& hash) const {
  for (std::size_t k = 0; k < valid_.size(); ++k) hash(valid_[(first_ + k) % valid_.size()]);
  hash(out_.valid);
}

void Concat::tick() {
  const bool free = !out_.valid || out_.ready;
  for (std::size_t k = 0; k < ins_.size(); ++k) ins_[k]->ready = free && k == turn_;
  if (!free) return;
  const bool step = ins_[turn_]->valid;
  out_.valid = step;
  if (!step || ++beat_ < groups_[turn_]) return;
  beat_ = 0;
  turn_ = turn_ + 1 == ins_.size() ? 0 : turn_ + 1;
}

void Credit::tick() {
  in_.ready = open_;
  const bool enter = in_.moves();
  if (enter != returned_) {
    open_ = returned_ || credits_ != 1;
    credits_ += returned_ ? 1 : -1;
  }
  returned_ = fifo_.sent();
  under_way_[first_] = static_cast<char>(enter);
  first_ = first_ + 1 == under_way_.size() ? 0 : first_ + 1;
  out_.valid = under_way_[first_] != 0;
}

void Credit::enter(StateHash& hash) const {
  hash(credits_, open_, returned_);
  for (std::size_t k = 0; k < under_way_.size(); ++k) hash(under_way_[(first_ + k) % under_way_.size()]);
}

}  // namespace bitmason::timing
