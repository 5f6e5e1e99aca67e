#include "conv_case.hpp"

namespace bitmason::rtl {
namespace {

std::vector<ConvCase> base_cases() {
  return {
      {.name = "outer_1x1_pixel", .cin = 4, .h = 5, .w = 6, .cout = 4, .simd = 2, .cols = 2, .cho = 2, .rows = 3},
      {.name = "outer_3x3", .cin = 4, .h = 6, .w = 7, .cout = 6, .kh = 3, .kw = 3, .pt = 1, .pl = 1, .pb = 1, .pr = 1,
       .simd = 2, .cols = 1, .nwc = 2, .chain = 2, .cho = 2, .rows = 4},
      {.name = "conv_k3_np2", .cin = 8, .h = 6, .w = 8, .cout = 8, .kh = 3, .kw = 3, .pt = 1, .pl = 1, .pb = 1, .pr = 1,
       .conv = true, .simd = 4, .cols = 2, .np = 2, .chain = 4, .cho = 2, .rows = 4, .prim = 1},
      {.name = "conv_k3_np2_g1", .cin = 2, .h = 5, .w = 7, .cout = 2, .kh = 3, .kw = 3, .pt = 1, .pl = 1, .pb = 1,
       .pr = 1, .conv = true, .simd = 2, .kpf = 3, .cols = 2, .np = 2, .chain = 2, .cho = 2, .rows = 6},
      {.name = "dense", .cin = 3, .h = 4, .w = 4, .cout = 10, .kh = 4, .kw = 4, .has_bias = true, .simd = 3, .cols = 5,
       .nwc = 2, .chain = 3, .cho = 2, .rows = 9, .prim = 1},
  };
}

}  // namespace

std::vector<ConvCase> conv_cases(const std::string& set) {
  (void)set;
  return base_cases();
}

}  // namespace bitmason::rtl
