#pragma once

#include <deque>

#include "timing/conv_shape.hpp"
#include "timing/unit.hpp"

namespace bitmason::timing {

/// rtl/bm_conv.sv: line buffer, issue of steps, result buffer.
class Conv : public Unit {
 public:
  Conv(Wire& in, Wire& out, const ConvShape& shape);
  void tick() override;
  void enter(StateHash& hash) const override;

 private:
  /// Registered pulses between the parts.
  struct Pulses {
    std::int64_t rows_in = 0;
    std::int64_t rows_free = 0;
    bool word_free = false;
  };
  void write(const Pulses& now);
  void issue(const Pulses& now);
  void end_group();
  void send(bool written);

  ConvShape shape_;
  Wire& in_;
  Wire& out_;
  std::int64_t cycle_ = 0;
  Pulses next_;
  // Writer: rtl/bm_line_buffer_write.sv.
  Count beat_, line_;
  std::int64_t spare_;
  bool open_ = false;
  // Issue: rtl/bm_conv_issue.sv.
  Count step_, group_, block_, row_, gather_;
  std::int64_t due_;
  std::int64_t credits_;
  bool credit_ok_ = false;
  // Sums under way to the result buffer: the cycles in which they are written.
  std::deque<std::int64_t> under_way_;
  // Output: rtl/bm_conv_output.sv.
  Count chunk_, word_, sent_block_;
  std::int64_t pixel_;
  bool pixel_first_ = true;
  std::int64_t fresh_ = 0;
  std::uint32_t stages_ = 0;  ///< valid bits of the output's registers
};

}  // namespace bitmason::timing
