#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/quantities.hpp"
#include "base/result.hpp"

namespace bitmason::verify {

/// One bit of a connection: a net's number, or -1 for a constant.
using NetBit = int;

struct NetlistPort {
  std::string name;
  bool is_output = false;
  std::vector<NetBit> bits;
};

struct NetlistCell {
  std::string name;
  std::string type;
  std::map<std::string, std::string> parameters;  ///< bits as text, or text
  std::vector<NetlistPort> pins;                  ///< directions are false where the module is unknown
};

/// One module of a netlist that Yosys wrote with write_json.
struct Netlist {
  std::string name;
  std::vector<NetlistPort> ports;
  std::vector<NetlistCell> cells;
  std::map<NetBit, std::string> net_names;  ///< with the bit's index; public names first
};

/// Reads module `top` of the text. Errors: BM-VERIFY-031.
Result<Netlist> parse_netlist(std::string_view json, const std::string& where, const std::string& top);
Result<Netlist> read_netlist(const std::filesystem::path& file, const std::string& top);

/// What a netlist occupies.
struct Resources {
  Luts luts;
  FlipFlops flip_flops;
  Dsps dsps;
  Bram18s bram18s;
  Urams urams;
  bool operator==(const Resources&) const = default;
  Resources& operator+=(const Resources& other);
};

/// Counts every cell by its rule. Errors: BM-VERIFY-030 for each unknown type.
Result<Resources> count_resources(const Netlist& netlist);

/// One line for each DSP that leaves its input, product or sum register unused.
std::vector<std::string> unregistered_dsps(const Netlist& netlist);

}  // namespace bitmason::verify
