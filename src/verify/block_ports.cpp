#include <algorithm>

#include "verify/block_equality.hpp"

namespace bitmason::verify {

namespace {

int width_of(const NetlistPort* port) {
  return port == nullptr ? 0 : static_cast<int>(port->bits.size());
}

}  // namespace

BenchPorts block_ports(const std::vector<NetlistPort>& ports) {
  BenchPorts bench;
  const auto find = [&](const std::string& name) {
    const auto found =
        std::find_if(ports.begin(), ports.end(), [&](const auto& p) { return p.name == name; });
    return found == ports.end() ? nullptr : &*found;
  };
  for (const NetlistPort& port : ports) {
    if (port.name == "clk" || port.name == "ap_clk") bench.clock = port.name;
    if (port.name == "rst_n" || port.name == "ap_rst_n") bench.reset = port.name;
    const bool axis = port.name.ends_with("_tvalid");
    if (!axis && !port.name.ends_with("_valid")) continue;
    const std::string prefix = port.name.substr(0, port.name.size() - (axis ? 6 : 5));
    const std::string t = axis ? "t" : "";
    const int count = width_of(&port);
    const int width = width_of(find(prefix + t + "data"));
    for (int k = 0; k < count; ++k) {
      const bool shared = port.is_output;
      auto& streams = port.is_output ? bench.outputs : bench.inputs;
      streams.push_back({.name = prefix + std::to_string(k),
                         .data = "m." + prefix + t + "data",
                         .valid = "m." + port.name,
                         .ready = "m." + prefix + t + "ready",
                         .index = k,
                         .offset = shared ? 0 : k * (width / count),
                         .width = shared ? width : width / count,
                         .last = axis && find(prefix + "tlast") != nullptr ? "m." + prefix + "tlast" : ""});
    }
  }
  return bench;
}

}  // namespace bitmason::verify
