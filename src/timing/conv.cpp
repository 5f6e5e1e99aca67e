#include "timing/conv.hpp"

#include <algorithm>
#include <utility>

namespace bitmason::timing {

Conv::Conv(Wire& in, Wire& out, const ConvShape& shape)
    : shape_(shape),
      in_(in),
      out_(out),
      beat_(shape.row_beats),
      line_(shape.height),
      spare_(shape.slots),
      step_(shape.steps),
      group_(shape.groups),
      block_(shape.blocks),
      row_(shape.out_height),
      gather_(shape.gather),
      due_(-shape.kernel_h),
      credits_(shape.words),
      chunk_(shape.chunks),
      word_(shape.word_groups),
      sent_block_(shape.blocks - shape.empty_blocks),
      pixel_(shape.first_pixel) {}

void Conv::tick() {
  ++cycle_;
  const Pulses now = std::exchange(next_, {});
  bool written = !under_way_.empty() && under_way_.front() == cycle_;
  if (written) under_way_.pop_front();
  send(written);
  issue(now);
  write(now);
}

void Conv::write(const Pulses& now) {
  in_.ready = open_;
  const bool accept = in_.moves();
  const bool row_end = accept && beat_.last();
  if (accept && beat_.step()) {
    next_.rows_in = 1 + (line_.value() == 0 ? shape_.pad_top : 0) + (line_.last() ? shape_.pad_bottom : 0);
    line_.step();
  }
  // A row is taken into a free slot before its first beat.
  const bool asks = row_end || !open_;
  const bool spare = spare_ != 0;
  spare_ += now.rows_free - static_cast<std::int64_t>(asks && spare);
  if (asks) open_ = spare;
}

void Conv::issue(const Pulses& now) {
  const bool fire = due_ >= 0 && credit_ok_;
  credit_ok_ = credits_ >= 2;
  due_ += now.rows_in;
  credits_ += static_cast<std::int64_t>(now.word_free);
  if (fire && step_.step()) end_group();
}

void Conv::end_group() {
  const bool complete = gather_.step();
  if (complete && block_.value() >= shape_.empty_blocks) {
    --credits_;
    const std::int64_t arrives = cycle_ + shape_.latency;
    if (!shape_.completed_late) {
      under_way_.push_back(arrives);
    } else {
      // One register behind (rtl/bm_conv_align.sv).
      if (block_.value() > 0) under_way_.push_back(arrives + 1);
      if (block_.last()) under_way_.push_back(arrives + 2);
    }
  }
  if (!group_.step() || !block_.step()) return;
  const std::int64_t row = row_.value();
  const std::int64_t last_top = (shape_.out_height - 1) * shape_.stride_h;
  if (row_.step()) {
    due_ -= shape_.height + shape_.pad_top + shape_.pad_bottom - last_top;
    next_.rows_free = shape_.height - std::max<std::int64_t>(0, last_top - shape_.pad_top);
    return;
  }
  due_ -= shape_.stride_h;
  // The first rows of a frame hold on to padding.
  const auto freed = [&](std::int64_t rows) {
    return std::max<std::int64_t>(0, rows * shape_.stride_h - shape_.pad_top);
  };
  next_.rows_free = freed(row + 1) - freed(row);
}

void Conv::send(bool written) {
  const bool advance = !out_.valid || out_.ready;
  const bool waits = pixel_first_ && chunk_.value() == 0;
  const bool have = !waits || fresh_ > 0;
  const bool take = advance && have;
  fresh_ += static_cast<std::int64_t>(written) - static_cast<std::int64_t>(take && waits);
  if (advance) {
    stages_ = (stages_ << 1) | static_cast<std::uint32_t>(have);
    out_.valid = ((stages_ >> (shape_.output_stages - 1)) & 1) != 0;
  }
  if (!take) return;
  const bool pixel_last = pixel_ == (sent_block_.last() ? shape_.row_last_pixel : shape_.last_pixel);
  if (!chunk_.step()) return;
  next_.word_free = pixel_last;
  if (!word_.step()) return;
  pixel_first_ = pixel_last;
  if (!pixel_last) {
    ++pixel_;
  } else {
    pixel_ = sent_block_.step() ? shape_.first_pixel : 0;
  }
}

void Conv::enter(StateHash& hash) const {
  hash(next_.rows_in, next_.rows_free, next_.word_free, beat_.value(), line_.value(), spare_, open_);
  hash(step_.value(), group_.value(), block_.value(), row_.value(), gather_.value(), due_, credits_,
       credit_ok_);
  for (const std::int64_t cycle : under_way_) hash(cycle - cycle_);
  hash(chunk_.value(), word_.value(), sent_block_.value(), pixel_, pixel_first_, fresh_);
  hash(stages_ & ((1U << shape_.output_stages) - 1), out_.valid);
}

}  // namespace bitmason::timing
