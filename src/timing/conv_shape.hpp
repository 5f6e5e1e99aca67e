#pragma once

#include <cstdint>

#include "hw/design.hpp"

namespace bitmason::timing {

/// What decides the handshakes of rtl/bm_conv.sv, from the parameters of an instance; the formulas are those
/// of the module's header.
struct ConvShape {
  std::int64_t row_beats = 1;  ///< input beats of a row
  std::int64_t height = 1;
  std::int64_t kernel_h = 1;
  std::int64_t stride_h = 1;
  std::int64_t pad_top = 0;
  std::int64_t pad_bottom = 0;
  std::int64_t out_height = 1;
  std::int64_t slots = 1;           ///< rows of the line buffer
  std::int64_t steps = 1;           ///< cycles of a group of output channels
  std::int64_t groups = 1;          ///< of output channels, per block
  std::int64_t blocks = 1;          ///< of a row
  std::int64_t empty_blocks = 0;    ///< at the head of a row, which send nothing
  std::int64_t gather = 1;          ///< groups of a result word
  std::int64_t words = 16;          ///< of the result buffer
  std::int64_t latency = 1;         ///< cycles from a group's last step to its sums in the result buffer
  std::int64_t word_groups = 1;     ///< result words of a block
  std::int64_t chunks = 1;          ///< beats of a word and pixel
  std::int64_t first_pixel = 0;     ///< of a row's first block
  std::int64_t last_pixel = 0;      ///< of a block
  std::int64_t row_last_pixel = 0;  ///< of a row's last block
  bool completed_late = false;  ///< a word leaves with the next block's sums, the last of a row on its own
  int output_stages = 2;
};

ConvShape conv_shape(const hw::Instance& instance);

}  // namespace bitmason::timing
