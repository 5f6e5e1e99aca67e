#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "device/device.hpp"
#include "ir/network.hpp"
#include "plan/plan.hpp"

/// The hardware graph: instances of library modules joined by ready/valid streams. Every width is decided
/// here; the writers below only print.
namespace bitmason::hw {

struct StreamId {
  int index = -1;
  auto operator<=>(const StreamId&) const = default;
};

/// Ready/valid stream of beats; a beat holds `channels_per_beat` channels of one pixel, or all of several,
/// channel 0 in the lowest bits, pixels in row-major order, channel groups of a pixel in ascending order.
struct Stream {
  std::string name;  ///< a legal identifier, unique
  ir::Shape shape;
  int channels_per_beat = 1;
  int bits = 1;  ///< per element
  bool is_signed = false;
  /// Layer of the network whose tensor flows here, in its own order (several streams may carry one tensor).
  std::string layer;

  [[nodiscard]] int width() const { return channels_per_beat * bits; }
  [[nodiscard]] std::int64_t beats_per_frame() const { return shape.elements() / channels_per_beat; }
};

/// An integer parameter or, for memory files, text; wide constants are packed vectors printed in hexadecimal.
struct WideConstant {
  int bits = 0;
  std::vector<std::uint64_t> words;  ///< least significant first
};
using ParameterValue = std::variant<std::int64_t, std::string, WideConstant>;

/// A port group `<port>_valid/_ready/_data` of an instance bound to a stream.
struct Binding {
  std::string port;
  StreamId stream;
};

struct Instance {
  std::string name;
  std::string module;  ///< under rtl/
  std::vector<std::pair<std::string, ParameterValue>> parameters;
  std::vector<Binding> inputs;
  std::vector<Binding> outputs;
  std::string layer;              ///< the network's layer it implements, or empty for plumbing
  std::vector<std::string> idle;  ///< input ports that never carry a beat
};

/// Content of a memory initialisation file: one word a line in hexadecimal.
struct MemoryFile {
  std::string name;
  int width = 0;                                  ///< bits of a word
  std::vector<std::vector<std::uint64_t>> words;  ///< least significant limb first
};

/// AXI4-Stream port at the boundary; `stream` is what it carries inside. Bindings to a port that is an array
/// of streams (bm_fork's out, bm_concat's in) repeat the port's name, element 0 first.
struct AxisPort {
  std::string name;  ///< "s_axis" or "m_axis"; "s_axis_1", "s_axis_2", ... where there are several
  std::string port;  ///< name of the network's input or output
  StreamId stream;
  [[nodiscard]] static int padded_width(int width) { return (width + 7) / 8 * 8; }
};

/// The weights of one layer in external memory.
struct ExternalRegion {
  std::string layer;
  StreamId stream;          ///< its beats
  std::int64_t offset = 0;  ///< in bytes
  std::int64_t beats = 0;
  std::int64_t words = 0;
  int word_bits = 0;
  int times_per_frame = 0;  ///< how often the whole region is read
  std::int64_t fifo = 0;    ///< beats behind the port
};

/// Memory that the design reads over one AXI4 port; no regions: there is none.
struct ExternalMemory {
  static constexpr int kAddressBits = 40;
  static constexpr int kBurstBeats = plan::kBurstBeats;
  int port_bits = 0;
  std::vector<ExternalRegion> regions;
  std::string image;
};

/// What the plan expects of one layer; copied into the manifest beside what is measured later.
struct PlannedLayer {
  std::string layer;
  StreamId stream;      ///< the layer's tensor as its module emits it
  std::string kind;     ///< ir::kind_name
  std::string packing;  ///< text of the packing, empty where nothing is multiplied
  int pe = 0;           ///< output channels in parallel; 0 where it is no convolution
  int simd = 0;
  int kernel_rows = 0;
  int pixels = 0;
  int weight_bits = 0;  ///< 0 where it has no weights
  Cycles cycles;
  Dsps dsps;
  Luts luts;
  FlipFlops flip_flops;
  Bram18s bram18s;
  Urams urams;
  Bytes traffic;  ///< read from external memory per frame
};

/// A FIFO of the plan and the instance of bm_fifo that it became.
struct PlannedFifo {
  std::string instance;
  std::string producer;
  std::string consumer;
  int input = 0;  ///< which of the consumer's inputs
  int depth = 0;  ///< beats
  int width = 0;  ///< bits of a beat
  int mark = 0;   ///< most beats it holds without stalls, simulated by the planner; 0: not known
};

/// The plan's figures for the whole design.
struct Planned {
  double clock_mhz = 0;
  Cycles interval;
  Cycles latency;
  Dsps dsps;
  Luts luts;
  FlipFlops flip_flops;
  Bram18s bram18s;
  Urams urams;
  Bytes traffic;
  std::vector<PlannedLayer> layers;  ///< one per layer of the network, same order
  std::vector<PlannedFifo> fifos;    ///< those of the plan that are built, in its order
};

struct Design {
  std::string name;
  device::Part part;
  device::Primitive primitive;
  std::vector<Stream> streams;
  std::vector<Instance> instances;  ///< in topological order
  std::vector<MemoryFile> memories;
  ExternalMemory external;
  std::vector<AxisPort> inputs;
  std::vector<AxisPort> outputs;
  Planned planned;
  [[nodiscard]] const Stream& stream(StreamId id) const {
    return streams[static_cast<std::size_t>(id.index)];
  }
};

/// Builds the hardware graph of the network under the plan. The plan has passed plan::verify(). Errors:
/// BM-HW-*.
Result<Design> lower(const ir::Network& network, const plan::Plan& plan, const device::Part& part,
                     const device::Primitive& primitive);

/// Every stream has one producer and one consumer, widths agree, names are unique and legal. Errors: BM-HW-*.
Status verify(const Design& design);

}  // namespace bitmason::hw
