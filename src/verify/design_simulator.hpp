#pragma once

#include <span>
#include <vector>

#include "ir/network.hpp"
#include "sim/engine.hpp"
#include "verify/design_files.hpp"
#include "verify/simulator.hpp"

namespace bitmason::verify {

/// The design's AXI4-Stream ports; with probes also every layer's stream, in the network's order.
BenchPorts design_ports(const DesignFiles& design, bool probes);

/// What Verilator needs for the design; memory files are named absolutely, so they are found from any folder.
SimulatorRequest design_request(const DesignFiles& design, bool probes);

/// `-D` value of the memory macro: the folder in double quotes.
std::string memory_macro_value(const DesignFiles& design);

/// For each AXI port of the design the index of the network's port it carries. Errors: BM-VERIFY-013.
struct PortMap {
  std::vector<std::size_t> inputs;
  std::vector<std::size_t> outputs;
};
Result<PortMap> map_ports(const DesignFiles& design, const ir::Network& network);

/// The frames as packed beats for every port; no stalls. Errors: BM-VERIFY-020..022.
Result<Stimulus> stimulus_of(const DesignFiles& design, const PortMap& ports,
                             std::span<const std::vector<sim::Codes>> frames);

}  // namespace bitmason::verify
