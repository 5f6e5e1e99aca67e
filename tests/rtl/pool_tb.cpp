// bm_pool equals plain loops over every window; one input beat per cycle.
#include "Vpool_top.h"
#include "stream_bench.hpp"

using namespace bitmason::bench;

namespace {

struct Pool {
  int c, ch, bits, is_signed, sum, out_bits, h, w, kh, kw, sh, sw, pt, pl, pb, pr, pad, block;
  int inp = 1;  ///< pixels of an input beat

  [[nodiscard]] int outp() const { return inp > 1 ? inp / kw : 1; }

  [[nodiscard]] std::int64_t at(const Codes& in, int y, int x, int channel) const {
    if (y < 0 || y >= h || x < 0 || x >= w) return pad;
    return in[static_cast<std::size_t>((y * w + x) * c + channel)];
  }
  [[nodiscard]] std::int64_t window(const Codes& in, int oy, int ox, int channel) const {
    std::int64_t best = at(in, oy * sh - pt, ox * sw - pl, channel), total = 0;
    for (int ky = 0; ky < kh; ++ky) {
      for (int kx = 0; kx < kw; ++kx) {
        const std::int64_t code = at(in, oy * sh + ky - pt, ox * sw + kx - pl, channel);
        best = std::max(best, code);
        total += code;
      }
    }
    return sum ? total : best;
  }
  [[nodiscard]] Frame frame(Random& random, int style) const {
    const Codes in = draw_codes(random, style, static_cast<std::size_t>(c * h * w), bits, is_signed);
    Codes out;
    for (int y = 0; y < (h + pt + pb - kh) / sh + 1; ++y)
      for (int x = 0; x < (w + pl + pr - kw) / sw + 1; ++x)
        for (int channel = 0; channel < c; ++channel) out.push_back(window(in, y, x, channel));
    return {{beats(in, inp * ch, bits)}, {beats(out, outp() * ch, out_bits)}};
  }
};

}  // namespace

int main() {
  return run_bench<Vpool_top>([](Bench<Vpool_top>& bench) {
    const Pool pools[] = {{4, 2, 4, 0, 0, 4, 6, 8, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0},
                          {6, 2, 5, 1, 0, 5, 7, 9, 2, 2, 2, 2, 0, 0, 0, 0, 0, 1},
                          {3, 3, 4, 1, 0, 4, 7, 8, 3, 3, 2, 2, 1, 1, 1, 1, -8, 0},
                          {4, 1, 4, 0, 1, 8, 6, 7, 3, 3, 1, 1, 1, 1, 1, 1, 5, 0},
                          {8, 2, 8, 1, 1, 13, 5, 6, 5, 6, 1, 1, 0, 0, 0, 0, 0, 0},
                          {2, 2, 7, 1, 1, 11, 5, 9, 3, 2, 3, 4, 0, 0, 0, 0, 0, 0},
                          {1, 1, 8, 0, 0, 8, 9, 1, 3, 1, 2, 1, 1, 0, 0, 0, 0, 0},
                          {2, 1, 6, 0, 0, 6, 1, 12, 1, 5, 1, 2, 0, 2, 0, 1, 0, 0},
                          {4, 4, 3, 0, 1, 7, 8, 7, 4, 3, 2, 2, 2, 0, 1, 1, 7, 1},
                          {1, 1, 5, 1, 0, 5, 4, 4, 1, 1, 2, 2, 0, 0, 0, 0, 0, 0},
                          {2, 2, 4, 0, 0, 4, 6, 8, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 4},
                          {1, 1, 5, 1, 1, 7, 4, 6, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 2},
                          {2, 2, 4, 1, 0, 4, 5, 6, 3, 1, 2, 1, 1, 0, 1, 0, -8, 0, 3}};
    int index = 0;
    for (const Pool& pool : pools) {
      const double cycles =
          (pool.h + pool.pt + pool.pb) * (pool.w + pool.pl + pool.pr) / pool.inp * (pool.c / pool.ch);
      bench.add({"pool " + std::to_string(index),
                 {slot_input(bench.top(), index, pool.inp * pool.ch * pool.bits)},
                 {slot_output(bench.top(), index, pool.outp() * pool.ch * pool.out_bits)},
                 [pool](Random& random, int style) { return pool.frame(random, style); },
                 cycles});
      ++index;
    }
  });
}
