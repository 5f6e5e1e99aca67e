#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "verify/netlist.hpp"

namespace bitmason::verify {

/// Length of a path between registers, memories, DSPs or ports.
struct Depth {
  int levels = 0;      ///< LUTs, and LUT memories read without a clock
  int carry_bits = 0;  ///< bits of carry chain passed
  auto operator<=>(const Depth&) const = default;
  friend Depth operator+(Depth a, Depth b) { return {a.levels + b.levels, a.carry_bits + b.carry_bits}; }
};

/// Limits of the clock rule: at most 6 levels without carry, or at most 3 levels and 24 carry bits.
inline constexpr int kMaxLevels = 6;
inline constexpr int kMaxLevelsWithCarry = 3;
inline constexpr int kMaxCarryBits = 24;
bool meets_rule(const Depth& depth);
/// Part of the limit that is used; 1 meets the rule just so.
double severity(const Depth& depth);

/// A path's depth with its ends.
struct Path {
  Depth depth;
  std::string from;
  std::string to;
};

/// Paths none of which is at least as long as another in both measures.
using Paths = std::vector<Path>;
void add_path(Paths& paths, Path path);
/// The path of the greatest severity; precondition: not empty.
const Path& worst_of(const Paths& paths);

/// Longest paths of a module by kind; ports by name.
struct ModuleDepth {
  Paths inside;                                                  ///< register to register
  std::map<std::string, Paths> to_register;                      ///< by input port
  std::map<std::string, Paths> from_register;                    ///< by output port
  std::map<std::pair<std::string, std::string>, Paths> through;  ///< by input and output port
  [[nodiscard]] Paths all() const;
};

/// Longest paths of the mapped netlist. Ends are flip-flops, DSPs, block RAMs, write ports of LUT memories
/// and the module's ports. Errors: BM-VERIFY-030, BM-VERIFY-032. Cost: linear in pins.
Result<ModuleDepth> measure_depth(const Netlist& netlist);

/// An instance of a measured module within a top level.
struct DepthInstance {
  std::string name;
  const ModuleDepth* module = nullptr;
  std::vector<NetlistPort> pins;  ///< with true directions
};

/// Longest paths of a top level of measured modules joined by nets: module paths are added port by port, so
/// the result is exact or too long, never too short. Errors: BM-VERIFY-032.
Result<Paths> compose_depth(const std::vector<DepthInstance>& instances);

}  // namespace bitmason::verify
