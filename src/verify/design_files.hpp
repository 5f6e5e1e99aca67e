#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ir/network.hpp"

namespace bitmason::verify {

/// A ready/valid stream of a design as its manifest describes it; elements as in docs/hardware.md.
struct StreamFacts {
  std::string name;    ///< prefix of its nets in the top level
  std::string layer;   ///< of the network whose tensor it carries
  std::string stream;  ///< for an AXI port: the stream inside that it carries
  ir::Shape shape;
  int channels_per_beat = 1;
  int bits = 1;  ///< per element
  bool is_signed = false;
  std::string network_port{};  ///< for an AXI port: name of the network's input or output

  [[nodiscard]] int width() const { return channels_per_beat * bits; }
  /// Bytes that hold one beat.
  [[nodiscard]] int bytes() const { return (width() + 7) / 8; }
  [[nodiscard]] std::int64_t beats_per_frame() const { return shape.elements() / channels_per_beat; }
};

/// A FIFO between two layers.
struct FifoFacts {
  std::string instance;  ///< of bm_fifo in the top level
  std::string consumer;  ///< layer
  int input = 0;         ///< which of the consumer's inputs
  int depth = 0;         ///< beats
};

/// A design folder as `emit` writes it: paths and the facts of design.json that the checks need.
struct DesignFiles {
  std::filesystem::path folder;
  std::string name;
  std::string signature;  ///< SHA-256 over all its sources and memories
  std::string top;
  std::string part;
  std::string synthesis;  ///< Yosys command of the part
  std::string dsp_cell;
  std::int64_t planned_latency = 0;             ///< cycles
  std::vector<StreamFacts> inputs;              ///< AXI4-Stream ports
  std::vector<StreamFacts> outputs;             ///< AXI4-Stream ports
  std::vector<StreamFacts> layers;              ///< stream of each layer, in the network's order
  std::vector<FifoFacts> fifos;                 ///< between layers
  std::vector<std::string> sources;             ///< relative to the folder, for synthesis
  std::vector<std::string> simulation_sources;  ///< relative to the folder, models of primitives
  std::vector<std::string> memories;            ///< relative to the folder
  std::vector<std::string> memory_sha256;
  std::map<std::string, std::string> instance_layers{};  ///< layer by instance name; empty for plumbing
  /// Beats of a frame by instance and stream of its ports: "out_0", "in_1", "m_axis_0", ...
  std::map<std::string, std::map<std::string, std::int64_t>> frame_beats{};
  std::string external_memory{};  ///< image of the memory behind the AXI4 read port, relative to the folder;
                                  ///< empty: none
  int memory_bits = 0;            ///< of a beat of that port
  std::string memory_macro;       ///< names the folder of the memory files, with its slash; empty: none
};

/// Reads design.json and compares every memory file with its digest. Errors: BM-FILE-001, BM-VERIFY-010..012.
Result<DesignFiles> read_design(const std::filesystem::path& folder);

}  // namespace bitmason::verify
