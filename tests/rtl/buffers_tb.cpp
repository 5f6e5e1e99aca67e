// bm_skid and bm_fifo return every beat once, in order, one per cycle.
#include "Vbuffers_top.h"
#include "stream_bench.hpp"

using namespace bitmason::bench;

namespace {

template <class Data>
Case identity(Vbuffers_top& top, int index, const char* name, Data& in, Data& out, int width) {
  Input from{width, [&top, index](bool v) { set_bit(top.in_valid, index, v); },
             [&top, index] { return ((top.in_ready >> index) & 1) != 0; },
             [&in](const Beat& beat) { write_port(in, beat); }};
  const auto make = [width](Random& random, int style) {
    const auto data = beats(draw_codes(random, style, 600, width / 3, false), 3, width / 3);
    return Frame{{data}, {data}};
  };
  return {name, {from}, {output(top.out_valid, top.out_ready, out, width, index)}, make, 200};
}

}  // namespace

int main() {
  return run_bench<Vbuffers_top>([](Bench<Vbuffers_top>& bench) {
    Vbuffers_top& top = bench.top();
    bench.add(identity(top, 0, "skid", top.in0, top.out0, 17));
    bench.add(identity(top, 1, "fifo of 2", top.in1, top.out1, 17));
    bench.add(identity(top, 2, "fifo of 7, block", top.in2, top.out2, 17));
    bench.add(identity(top, 3, "fifo of 32", top.in3, top.out3, 100));
    bench.add(identity(top, 4, "fifo of 51, block", top.in4, top.out4, 100));
  });
}
