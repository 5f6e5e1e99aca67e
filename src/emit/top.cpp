#include <fmt/format.h>

#include <algorithm>

#include "emit/design_folder.hpp"
#include "emit/value_text.hpp"

namespace bitmason::emit {

namespace {

using hw::Binding;
using hw::Design;
using hw::Instance;
using hw::Stream;

std::string hexadecimal(const hw::WideConstant& constant) {
  std::string digits;
  for (int digit = (constant.bits + 3) / 4 - 1; digit >= 0; --digit) {
    const auto limb = constant.words[static_cast<std::size_t>(digit / 16)];
    digits += "0123456789abcdef"[(limb >> (digit % 16 * 4)) & 15];
  }
  return fmt::format("{}'h{}", constant.bits, digits);
}

std::string axis_ports(const hw::AxisPort& port, const Stream& stream, bool is_input) {
  const char* from = is_input ? "input " : "output";
  const char* to = is_input ? "output" : "input ";
  return fmt::format(
      "    {0} logic [{3}:0] {2}_tdata,\n    {0} logic {2}_tvalid,\n    {1} logic {2}_tready,\n    {0} logic "
      "{2}_tlast",
      from, to, port.name, hw::AxisPort::padded_width(stream.width()) - 1);
}

/// Streams bound to each port name, in order.
std::vector<std::pair<std::string, std::vector<const Stream*>>> ports_of(
    const Design& design, const std::vector<Binding>& bindings) {
  std::vector<std::pair<std::string, std::vector<const Stream*>>> ports;
  for (const Binding& binding : bindings) {
    const auto found =
        std::find_if(ports.begin(), ports.end(), [&](const auto& p) { return p.first == binding.port; });
    auto& streams = found == ports.end() ? ports.emplace_back(binding.port, 0).second : found->second;
    streams.push_back(&design.stream(binding.stream));
  }
  return ports;
}

/// `{b_x, a_x}`, element 0 lowest; without braces where there is one.
std::string joined(const std::vector<const Stream*>& streams, std::string_view suffix) {
  std::string text;
  for (const Stream* stream : streams) {
    const std::string port = stream->name + std::string(suffix);
    text = text.empty() ? port : port + ", " + text;
  }
  return streams.size() == 1 ? text : "{" + text + "}";
}

std::string axis_connections(const std::string& module_port, const std::string& port) {
  std::string text;
  for (const char* signal : {"tdata", "tvalid", "tready", "tlast"}) {
    text += fmt::format(",\n    .{}_{}({}_{})", module_port, signal, port, signal);
  }
  return text;
}

constexpr std::string_view kMemoryPort = "bm_axi_weights";

/// A signal of the AXI4 read port: its width at the top, 0 for one bit without a range.
struct MemorySignal {
  const char* name;
  bool is_input;
  int width;
};

std::vector<MemorySignal> memory_signals(const hw::ExternalMemory& memory) {
  return {{"araddr", false, hw::ExternalMemory::kAddressBits},
          {"arlen", false, 8},
          {"arsize", false, 3},
          {"arburst", false, 2},
          {"arcache", false, 4},
          {"arprot", false, 3},
          {"arvalid", false, 0},
          {"arready", true, 0},
          {"rdata", true, memory.port_bits},
          {"rresp", true, 2},
          {"rlast", true, 0},
          {"rvalid", true, 0},
          {"rready", false, 0}};
}

std::string memory_connections() {
  std::string text = ",\n    .base(weights_base),\n    .error(weights_error)";
  for (const MemorySignal& signal : memory_signals({}))
    text += fmt::format(",\n    .m_axi_{0}(m_axi_{0})", signal.name);
  return text;
}

std::string memory_ports(const hw::ExternalMemory& memory) {
  std::string text = fmt::format(",\n    input  logic [{}:0] weights_base,\n    output logic weights_error",
                                 hw::ExternalMemory::kAddressBits - 1);
  for (const MemorySignal& signal : memory_signals(memory)) {
    text += fmt::format(",\n    {} logic {}m_axi_{}", signal.is_input ? "input " : "output",
                        signal.width == 0 ? "" : fmt::format("[{}:0] ", signal.width - 1), signal.name);
  }
  return text;
}

/// The net that takes the ready of an input without a stream; linters accept it as unused for its name.
std::string idle_ready(const Instance& instance, const std::string& port) {
  return fmt::format("{}_{}_ready_unused", instance.name, port);
}

std::string connections(const Design& design, const Instance& instance) {
  std::string text = "    .clk(ap_clk),\n    .rst_n(ap_rst_n)";
  for (const auto* bindings : {&instance.inputs, &instance.outputs}) {
    for (const auto& [port, streams] : ports_of(design, *bindings)) {
      // A fork has one data port for all its copies; the others are assigned from the first.
      const bool shared = bindings == &instance.outputs && streams.size() > 1 && instance.module == "bm_fork";
      text += fmt::format(",\n    .{0}_valid({1}),\n    .{0}_ready({2}),\n    .{0}_data({3})", port,
                          joined(streams, "_valid"), joined(streams, "_ready"),
                          shared ? streams.front()->name + "_data" : joined(streams, "_data"));
    }
  }
  if (instance.module == kMemoryPort) text += memory_connections();
  for (const std::string& port : instance.idle) {
    text += fmt::format(",\n    .{0}_valid(1'b0),\n    .{0}_ready({1}),\n    .{0}_data('0)", port,
                        idle_ready(instance, port));
  }
  const auto axis_of = [&](const std::vector<hw::AxisPort>& ports, const std::vector<Binding>& bindings,
                           const char* module_port) {
    for (const hw::AxisPort& port : ports) {
      if (!bindings.empty() && port.stream == bindings.front().stream)
        text += axis_connections(module_port, port.name);
    }
  };
  if (instance.inputs.empty()) axis_of(design.inputs, instance.outputs, "s_axis");
  if (instance.outputs.empty()) axis_of(design.outputs, instance.inputs, "m_axis");
  return text;
}

std::string shared_data(const Design& design, const Instance& instance) {
  std::string text;
  if (instance.module != "bm_fork") return text;
  for (const auto& [port, streams] : ports_of(design, instance.outputs)) {
    for (std::size_t k = 1; k < streams.size(); ++k) {
      text += fmt::format("  assign {}_data = {}_data;\n", streams[k]->name, streams[0]->name);
    }
  }
  return text;
}

std::string print_instance(const Design& design, const Instance& instance) {
  std::string parameters;
  for (const auto& [name, value] : instance.parameters) {
    parameters += fmt::format("{}    .{}({})", parameters.empty() ? "" : ",\n", name, value_text(value));
  }
  std::string idle;
  for (const std::string& port : instance.idle) {
    idle += fmt::format("\n  logic {};", idle_ready(instance, port));
  }
  return fmt::format("{}\n  {} #(\n{}\n  ) {} (\n{}\n  );\n{}", idle, instance.module, parameters,
                     instance.name, connections(design, instance), shared_data(design, instance));
}

std::string print_stream(const Stream& stream) {
  return fmt::format(
      "\n  // {} x {} bit {}, shape {}x{}x{}\n  logic {}_valid, {}_ready;\n  logic [{}:0] {}_data;\n",
      stream.channels_per_beat, stream.bits, stream.is_signed ? "signed" : "unsigned", stream.shape.channels,
      stream.shape.height, stream.shape.width, stream.name, stream.name, stream.width() - 1, stream.name);
}

}  // namespace

std::string value_text(const hw::ParameterValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    // The most negative int has no positive literal to negate.
    if (*integer == -(std::int64_t{1} << 31)) return "32'sh80000000";
    return std::to_string(*integer);
  }
  if (const auto* wide = std::get_if<hw::WideConstant>(&value)) return hexadecimal(*wide);
  const auto& file = std::get<std::string>(value);
  return file.empty() ? "\"\"" : fmt::format("{{`BITMASON_MEM, \"{}\"}}", file);
}

std::string print_top(const Design& design) {
  std::string text = fmt::format(
      "// Generated by Bitmason for network {} on {}; do not edit.\n"
      "// Memory files are read from the folder that the macro BITMASON_MEM names, with its trailing slash.\n"
      "`ifndef BITMASON_MEM\n`define BITMASON_MEM \"mem/\"\n`endif\n\nmodule top (\n"
      "    input  logic ap_clk,\n    input  logic ap_rst_n",
      design.name, design.part.name);
  for (const hw::AxisPort& port : design.inputs)
    text += ",\n" + axis_ports(port, design.stream(port.stream), true);
  for (const hw::AxisPort& port : design.outputs)
    text += ",\n" + axis_ports(port, design.stream(port.stream), false);
  if (!design.external.regions.empty()) text += memory_ports(design.external);
  text += "\n);\n";
  for (const Stream& stream : design.streams) text += print_stream(stream);
  for (const Instance& instance : design.instances) text += print_instance(design, instance);
  return text + "\nendmodule\n";
}

}  // namespace bitmason::emit
