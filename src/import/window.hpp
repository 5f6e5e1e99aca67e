#pragma once

#include "import/stream.hpp"

namespace bitmason::import {

/// Attributes that convolution and pooling share, for one or two dimensions.
struct WindowAttributes {
  ir::Window window;  ///< kernel without dilation
  int dilation_h = 1;
  int dilation_w = 1;
  bool ceil_extra = false;  ///< ceil_mode added rows or columns
};

/// True where the file's [1, C, L, 1] lies over a frame of one row, as 1-D pooling by a 2-D operator has it.
bool is_column_view(const Stream& stream);

/// Kernel, strides, pads, auto_pad, dilations and ceil_mode of the node for the stream's frame; `kernel` is
/// the weights' own where the attribute is absent. Nothing (and findings) where they are refused.
std::optional<WindowAttributes> window_of(Scope& scope, const Stream& stream,
                                          std::vector<std::int64_t> kernel);

/// Adds the owed Pad to the window; nothing where both pad and differ in value. Returns the padding's value.
std::optional<std::vector<Rational>> absorb_padding(Scope& scope, Stream& stream, ir::Window& window);

}  // namespace bitmason::import
