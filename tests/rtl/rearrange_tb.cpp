// bm_space_to_depth, bm_depth_to_space and bm_upsample equal ONNX's definitions; one beat per cycle.
#include "Vrearrange_top.h"
#include "stream_bench.hpp"

using namespace bitmason::bench;

namespace {

struct Move {
  int to_space, c, ch, bits, h, w, b, crd, ch_out, block;

  /// Deep channel of pixel (dy, dx) of a block and shallow channel c0 of `shallow`.
  [[nodiscard]] int deep(int c0, int dy, int dx, int shallow) const {
    return crd ? (c0 * b + dy) * b + dx : (dy * b + dx) * shallow + c0;
  }
  [[nodiscard]] Frame frame(Random& random, int style) const {
    const Codes in = draw_codes(random, style, static_cast<std::size_t>(c * h * w), bits, false);
    Codes out(in.size());
    const int rows = to_space ? h : h / b, columns = to_space ? w : w / b;
    const int shallow = to_space ? c / (b * b) : c, deep_count = shallow * b * b;
    for (int y = 0; y < rows * b; ++y) {
      for (int x = 0; x < columns * b; ++x) {
        for (int c0 = 0; c0 < shallow; ++c0) {
          const int fine = (y * columns * b + x) * shallow + c0;
          const int coarse = ((y / b) * columns + x / b) * deep_count + deep(c0, y % b, x % b, shallow);
          const auto from = static_cast<std::size_t>(to_space ? coarse : fine);
          const auto to = static_cast<std::size_t>(to_space ? fine : coarse);
          out[to] = in[from];
        }
      }
    }
    return {{beats(in, ch, bits)}, {beats(out, ch_out, bits)}};
  }
};

struct Upsample {
  int c, ch, bits, h, w, fh, fw, block;

  [[nodiscard]] Frame frame(Random& random, int style) const {
    const Codes in = draw_codes(random, style, static_cast<std::size_t>(c * h * w), bits, false);
    Codes out;
    for (int y = 0; y < h * fh; ++y)
      for (int x = 0; x < w * fw; ++x)
        for (int k = 0; k < c; ++k)
          out.push_back(in[static_cast<std::size_t>(((y / fh) * w + x / fw) * c + k)]);
    return {{beats(in, ch, bits)}, {beats(out, ch, bits)}};
  }
};

}  // namespace

int main() {
  return run_bench<Vrearrange_top>([](Bench<Vrearrange_top>& bench) {
    const Move moves[] = {{0, 4, 2, 4, 4, 6, 2, 0, 2, 0}, {0, 6, 2, 5, 6, 9, 3, 0, 6, 1},
                          {0, 4, 2, 4, 4, 6, 2, 1, 2, 0}, {0, 3, 1, 6, 2, 4, 2, 1, 4, 0},
                          {1, 8, 2, 4, 3, 5, 2, 0, 2, 0}, {1, 8, 1, 4, 2, 3, 2, 0, 2, 1},
                          {1, 8, 2, 4, 3, 5, 2, 1, 2, 0}, {1, 18, 6, 3, 2, 3, 3, 1, 2, 0}};
    const Upsample upsamples[] = {
        {4, 2, 4, 3, 5, 2, 2, 0}, {1, 1, 8, 2, 1, 3, 1, 0}, {3, 3, 5, 2, 4, 1, 3, 1}};
    int index = 0;
    for (const Move& move : moves) {
      const double cycles = move.h * move.w * move.c / std::min(move.ch, move.ch_out);
      bench.add({"rearrangement " + std::to_string(index),
                 {slot_input(bench.top(), index, move.ch * move.bits)},
                 {slot_output(bench.top(), index, move.ch_out * move.bits)},
                 [move](Random& random, int style) { return move.frame(random, style); },
                 cycles});
      ++index;
    }
    for (const Upsample& up : upsamples) {
      const double cycles = up.h * up.fh * up.w * up.fw * up.c / up.ch;
      bench.add({"upsampling " + std::to_string(index),
                 {slot_input(bench.top(), index, up.ch * up.bits)},
                 {slot_output(bench.top(), index, up.ch * up.bits)},
                 [up](Random& random, int style) { return up.frame(random, style); },
                 cycles});
      ++index;
    }
  });
}
