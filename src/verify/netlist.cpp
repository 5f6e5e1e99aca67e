#include "verify/netlist.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "verify/cells.hpp"
#include "verify/diagnostics.hpp"

namespace bitmason::verify {

namespace {

using Json = nlohmann::json;

std::vector<NetBit> bits_of(const Json& json) {
  std::vector<NetBit> bits;
  for (const Json& bit : json) bits.push_back(bit.is_number_integer() ? bit.get<int>() : -1);
  return bits;
}

std::string parameter_text(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json_text(json);
}

NetlistCell cell_of(const std::string& name, const Json& json) {
  NetlistCell cell{.name = name, .type = json.at("type").get<std::string>(), .parameters = {}, .pins = {}};
  for (const auto& [key, value] : json.at("parameters").items()) cell.parameters[key] = parameter_text(value);
  const Json directions = json.value("port_directions", Json::object());
  for (const auto& [port, bits] : json.at("connections").items()) {
    cell.pins.push_back({port, directions.value(port, "input") != "input", bits_of(bits)});
  }
  return cell;
}

void name_nets(const Json& nets, Netlist& netlist) {
  for (const bool hidden : {false, true}) {
    for (const auto& [name, net] : nets.items()) {
      if ((net.value("hide_name", 0) != 0) != hidden) continue;
      const auto bits = bits_of(net.at("bits"));
      for (std::size_t k = 0; k < bits.size(); ++k) {
        const std::string index = bits.size() == 1 ? "" : "[" + std::to_string(k) + "]";
        if (bits[k] >= 0) netlist.net_names.emplace(bits[k], name + index);
      }
    }
  }
}

/// True where a parameter's bits or text say a value other than 0 or NONE.
bool is_set(const NetlistCell& cell, const char* parameter, bool otherwise) {
  const auto found = cell.parameters.find(parameter);
  if (found == cell.parameters.end()) return otherwise;
  return found->second != "NONE" && found->second.find_first_not_of("0 ") != std::string::npos;
}

std::string missing_registers(const NetlistCell& cell) {
  std::vector<const char*> needed;
  bool otherwise = true;
  if (cell.type.starts_with("DSP48")) {
    needed = {"AREG", "BREG", "MREG", "PREG"};
  } else if (cell.type == "MULT18X18D") {
    needed = {"REG_INPUTA_CLK", "REG_INPUTB_CLK", "REG_PIPELINE_CLK", "REG_OUTPUT_CLK"};
    otherwise = false;
  } else if (cell.type == "SB_MAC16") {
    needed = {"A_REG", "B_REG", "TOPOUTPUT_SELECT", "BOTOUTPUT_SELECT"};
    otherwise = false;
    const bool pipelined =
        is_set(cell, "PIPELINE_16x16_MULT_REG1", false) || is_set(cell, "PIPELINE_16x16_MULT_REG2", false);
    if (!pipelined) needed.push_back("PIPELINE_16x16_MULT_REG2");
  }
  std::string missing;
  for (const char* parameter : needed) {
    if (!is_set(cell, parameter, otherwise))
      missing += (missing.empty() ? "" : ", ") + std::string(parameter);
  }
  return missing;
}

}  // namespace

Result<Netlist> parse_netlist(std::string_view text, const std::string& where, const std::string& top) {
  Netlist netlist;
  netlist.name = top;
  try {
    const Json json = Json::parse(text);
    const Json& module = json.at("modules").at(top);
    for (const auto& [name, port] : module.at("ports").items()) {
      const bool is_output = port.at("direction").get<std::string>() != "input";
      netlist.ports.push_back({name, is_output, bits_of(port.at("bits"))});
    }
    for (const auto& [name, cell] : module.at("cells").items()) netlist.cells.push_back(cell_of(name, cell));
    name_nets(module.at("netnames"), netlist);
  } catch (const Json::exception& error) {
    return make_diagnostic(diagnostics::kNetlist, where, {error.what()});
  }
  return netlist;
}

Result<Netlist> read_netlist(const std::filesystem::path& file, const std::string& top) {
  const auto text = read_file(file);
  if (!text) return text.errors();
  return parse_netlist(*text, file.string(), top);
}

Resources& Resources::operator+=(const Resources& other) {
  luts += other.luts;
  flip_flops += other.flip_flops;
  dsps += other.dsps;
  bram18s += other.bram18s;
  urams += other.urams;
  return *this;
}

Result<Resources> count_resources(const Netlist& netlist) {
  Resources total;
  Diagnostics unknown;
  std::set<std::string> named;
  std::int64_t small_kbit = 0;
  for (const NetlistCell& cell : netlist.cells) {
    const CellRule* rule = find_rule(cell.type);
    if (rule == nullptr) {
      if (named.insert(cell.type).second) {
        unknown.push_back(make_diagnostic(diagnostics::kUnknownCell, netlist.name, {cell.name, cell.type}));
      }
      continue;
    }
    total.luts += Luts(rule->luts);
    if (rule->kind == CellKind::FlipFlop) total.flip_flops += FlipFlops(1);
    if (rule->kind == CellKind::Dsp) total.dsps += Dsps(1);
    if (rule->kind == CellKind::UltraRam) total.urams += Urams(1);
    total.bram18s += Bram18s(rule->block_kbit / 18);
    small_kbit += rule->block_kbit % 18;
  }
  if (!unknown.empty()) return unknown;
  total.bram18s += Bram18s((small_kbit + 17) / 18);
  return total;
}

std::vector<std::string> unregistered_dsps(const Netlist& netlist) {
  std::vector<std::string> lines;
  for (const NetlistCell& cell : netlist.cells) {
    const std::string missing = missing_registers(cell);
    if (!missing.empty()) lines.push_back(cell.type + " " + cell.name + " leaves " + missing + " unused");
  }
  return lines;
}

}  // namespace bitmason::verify
