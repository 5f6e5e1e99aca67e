#include "qat/torch_windows_internal.hpp"

#include <limits>

namespace bitmason::qat {

at::Tensor padded(const at::Tensor& x, const ir::Window& w, double value) {
  if (!w.has_padding()) return x;
  return at::constant_pad_nd(x, {w.pad_left, w.pad_right, w.pad_top, w.pad_bottom}, value);
}

at::Tensor max_pool(const at::Tensor& x, const ir::Window& w) {
  const auto frame = padded(x, w, -std::numeric_limits<double>::infinity());
  return at::max_pool2d(frame, {w.kernel_h, w.kernel_w}, {w.stride_h, w.stride_w});
}

at::Tensor sum_pool(const at::Tensor& x, const ir::Window& w) {
  return at::avg_pool2d(padded(x, w, 0), {w.kernel_h, w.kernel_w}, {w.stride_h, w.stride_w}, 0, false, true,
                        1);
}

at::Tensor space_to_depth(const at::Tensor& x, int block) {
  const auto n = x.size(0);
  const auto c = x.size(1);
  const auto h = x.size(2) / block;
  const auto w = x.size(3) / block;
  return x.reshape({n, c, h, block, w, block})
      .permute({0, 3, 5, 1, 2, 4})
      .reshape({n, c * block * block, h, w});
}

}  // namespace bitmason::qat
