#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/quantities.hpp"
#include "base/result.hpp"
#include "device/device.hpp"
#include "ir/network.hpp"
#include "pack/packing.hpp"

/// How each layer is built: parallelism, packing, memories and FIFO depths. Never alters the network.
namespace bitmason::plan {

enum class MemoryKind { Lut, Block, Ultra };
/// Whether weights may come from external memory.
enum class ExternalWeights {
  Never,
  Needed,  ///< where the network does not fit, or misses its target, with all of them on the part
  Faster   ///< also where that gives a shorter interval
};

/// Beats of a burst from external memory: more than 16 do not pass the ports of Zynq UltraScale+ (UG1085).
inline constexpr int kBurstBeats = 16;

enum class RequantiseForm { Thresholds, ScaleShift };

/// Implementation of a Conv layer by rtl/bm_conv.sv; see docs/hardware.md for the loop order.
struct ConvPlan {
  pack::Packing packing;
  bool depthwise =
      false;  ///< one input channel per output channel; `simd` channels side by side, `columns` is 1
  int columns =
      1;  ///< DSP columns in parallel; each serves packing-many output channels (1 for Convolution family)
  int simd = 1;         ///< input channels in parallel; divides the group's input channels
  int kernel_rows = 1;  ///< kernel rows in parallel: 1 or kernel_h
  int chain = 1;        ///< multipliers cascaded before one read of the fields; at most packing.accumulations
  int centre = 0;       ///< taken off unsigned codes before they are multiplied: 0 or half their code range
  bool fabric = false;  ///< multipliers are LUTs instead of DSPs: one weight times one pixel each
  bool constants = false;  ///< with `fabric`: every weight is a constant of adder trees, rtl/bm_dots.sv
  int share = 1;           ///< accumulates(): columns that drain through one accumulator in turn
  MemoryKind weight_memory = MemoryKind::Block;
  MemoryKind line_memory = MemoryKind::Block;
  int memory_port = 0;  ///< weights from external memory: bits of a beat of its port; 0: resident
  MemoryKind turn_memory = MemoryKind::Block;  ///< external weights: of two rows of results
  int line_rows = 0;                           ///< rows the line buffer holds
  int pixel_groups = 1;  ///< arrays with the same weights, pixels() pixels each, side by side
  int input_pixels = 1;  ///< of an input beat: divides a block, 1 unless `simd` is all input channels
  bool aligned = false;  ///< results leave as whole blocks of pixels with all channels
  int output_channels_per_beat = 1;  ///< of the accumulator stream; divides the output channels, or with
                                     ///< `aligned` whole pixels of a block

  /// Output channels computed in parallel ("PE").
  [[nodiscard]] int pe() const;
  /// Sums stay in the multipliers until a block of steps ends, and carries between fields are counted.
  [[nodiscard]] bool accumulates() const { return packing.rule == pack::Rule::Canary; }
  /// Fields overlap: rtl/bm_conv_packed.sv recognises carries from residues.
  [[nodiscard]] bool overlaps() const { return accumulates() || packing.side_bits > 0; }
  /// The weights come once for every output row (docs/weight_streaming.md).
  [[nodiscard]] bool external() const { return memory_port > 0; }
  /// Adjacent pixels in one multiplier.
  [[nodiscard]] int pixels() const { return static_cast<int>(packing.activation_offsets.size()); }
  /// Adjacent pixels computed in parallel.
  [[nodiscard]] int block_pixels() const { return pixels() * pixel_groups; }
};

/// Implementation of one layer of the network.
struct LayerPlan {
  std::string layer;          ///< name in the network
  int channels_per_beat = 1;  ///< of the layer's output stream; divides its channels, or all channels of
                              ///< several pixels (plan/wide_beats.hpp)
  int input_channels_per_beat = 0;  ///< of a pool that takes several pixels a beat; 0: as at the output
  std::optional<ConvPlan> conv;
  std::optional<RequantiseForm> requantise;
  std::optional<ir::ScaleShift> scale_shift;  ///< proved equal, when that form is chosen
  bool scale_in_dsp = false;            ///< the multipliers of that form are DSPs, one per channel of a beat
  MemoryKind memory = MemoryKind::Lut;  ///< of a pool's, space-to-depth's or upsample's line buffer
  int line_rows = 0;                    ///< of a pool's line buffer
  Cycles cycles;                        ///< estimated cycles per frame when nothing stalls it
  Dsps dsps;
  Luts luts;
  FlipFlops flip_flops;
  Bram18s bram18s;
  Urams urams;
  Bytes traffic;  ///< read from external memory per frame
};

/// Depth of the FIFO between a producer and one of its users, in beats of the producer's stream.
struct FifoPlan {
  std::string producer;
  std::string consumer;
  int input = 0;     ///< which of the consumer's inputs
  int depth = 2;     ///< beats; 2: a register slice
  int channels = 0;  ///< of a beat, behind a width converter where the producer's differ; 0: the producer's
  int width = 0;     ///< bits of a beat
  int mark = 0;      ///< most beats that it holds without stalls, simulated; 0: not known
  MemoryKind memory = MemoryKind::Lut;

  [[nodiscard]] std::int64_t bits() const { return std::int64_t{depth} * width; }
};

struct Resources {
  Dsps dsps;
  Luts luts;
  FlipFlops flip_flops;
  Bram18s bram18s;
  Urams urams;
  Bytes traffic{};  ///< read from external memory per frame
};

struct Budget {
  Resources limit;
  double lut_share = 0.85;  ///< of limit.luts that the estimates may use: routing needs room
  double clock_mhz = 250;
  double bandwidth = 0;      ///< bytes a second that may be read from external memory
  int memory_port_bits = 0;  ///< of a beat of its port; 0: there is none
  ExternalWeights external = ExternalWeights::Needed;
  std::optional<double> target_fps;  ///< absent: as fast as the part allows
  bool free_fifos = false;           ///< selections are chosen as if FIFOs cost nothing; the plan counts them
};

/// A resource of which more is needed than may be used.
struct Shortage {
  std::string resource;  ///< key of a row of kResourceKinds
  std::int64_t needed = 0;
  std::int64_t usable = 0;
};

/// What keeps the interval from being shorter.
struct Bound {
  enum class Kind {
    Target,       ///< the user's target is met, faster was not asked for
    InputStream,  ///< an input takes that many beats
    Layers,       ///< layers have no faster implementation
    Resources     ///< the next shorter interval does not fit
  };
  Kind kind = Kind::Layers;
  std::vector<std::string> layers;  ///< the slowest ones, or "external memory"; of Layers those without a
                                    ///< faster one, of InputStream the inputs
  Cycles next;                      ///< with Resources: the interval that does not fit
  std::vector<Shortage> missing;    ///< with Resources: what it lacks in the nearest selection found
};
std::string_view name_of(Bound::Kind kind);

struct Plan {
  std::string part;
  double clock_mhz = 0;
  std::vector<LayerPlan> layers;  ///< one per layer of the network, same order
  std::vector<FifoPlan> fifos;
  Cycles interval;        ///< estimated initiation interval of a frame
  Cycles lower_bound;     ///< no plan that fits is faster, proved; with a target by Lagrange's bound alone
  bool resident = false;  ///< the bound is one of plans with all weights on the part: ExternalWeights::Needed
  double cost = 0;        ///< shares of the part, summed: DSPs, 1.25 times LUTs, 1/4 of flip-flops, BRAM18s
  double cost_bound = 0;  ///< no plan with this interval costs less, proved; FIFOs taken as free
  Cycles latency;         ///< estimated
  Resources total;        ///< estimated
  std::vector<std::string> notes{};  ///< where a folding file's numbers mean something else here
  Bound bound;
  [[nodiscard]] const LayerPlan* find(std::string_view layer) const;
};

/// Per-layer choices of the user: FINN's folding file, {"Defaults": {"PE": [2, ["MVAU_rtl"]]},
/// "<layer>": {"PE": 16, "SIMD": 8, ...}}.
struct Folding {
  struct Entry {
    std::optional<int> pe, simd, kernel_rows, pixels, pixel_groups;
  };
  /// A value for all layers of some kinds; a layer's own entry and later defaults win.
  struct Default {
    Entry entry;
    std::vector<std::string> kinds;  ///< FINN's operator types or ir::kind_name; empty: every kind
  };
  std::vector<Default> defaults;
  std::map<std::string, Entry> layers;
};

Result<Folding> parse_folding(std::string_view json);
std::string to_json(const Folding& folding);
Folding folding_of(const Plan& plan);

/// Chooses every layer's implementation so that the slowest one is as fast as the budget allows (or reaches
/// the target with the least resources). Deterministic. Errors: BM-PLAN-* with the layer or resource and the
/// two numbers.
Result<Plan> solve(const ir::Network& network, const device::Part& part, const device::Primitive& primitive,
                   const Budget& budget, const Folding& folding = {});

/// Bytes that may be read from external memory in so many cycles.
Bytes traffic_within(const Budget& budget, std::int64_t cycles);

/// True where every layer's smallest implementations fit together, however slow. Errors: those of solve() but
/// for BM-PLAN-001..003.
Result<bool> fits_at_all(const ir::Network& network, const device::Primitive& primitive, const Budget& budget,
                         const Folding& folding = {});

/// Independent check: divisibility, packings verified, chain lengths, budget, FIFO depths positive. Errors:
/// BM-PLAN-*.
Status verify(const ir::Network& network, const device::Primitive& primitive, const Budget& budget,
              const Plan& plan);

std::string to_json(const Plan& plan);

}  // namespace bitmason::plan
