#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "verify/depth.hpp"
#include "verify/design_files.hpp"
#include "verify/simulator.hpp"

namespace bitmason::verify {

/// A module with its parameters, synthesised once however often it is used.
struct Block {
  std::string module;
  std::map<std::string, std::string> parameters;  ///< bits, most significant first
  std::vector<std::string> instances;             ///< in the top level
  std::filesystem::path folder;                   ///< of the netlists block.json and block.v, and the log
  std::vector<NetlistPort> ports;
  Resources resources;  ///< of one instance
  ModuleDepth depth;
  std::vector<std::string> unregistered_dsps;
};

/// One instance's share of the total.
struct InstanceResources {
  std::string name;
  std::string module;
  std::string layer;  ///< empty for plumbing
  Resources resources;
};

struct SynthesisResult {
  Resources total;
  std::vector<InstanceResources> instances;  ///< their sum is the total
  std::vector<Block> blocks;
  Path worst;              ///< register to register, over module borders
  bool meets_rule = true;  ///< of depth.hpp
  std::vector<std::string> unregistered_dsps;
  std::string tool;    ///< Yosys and its version
  double seconds = 0;  ///< wall clock of this call
  int from_cache = 0;  ///< blocks whose netlist was there already
};

struct SynthesisOptions {
  Workbench workbench;
  bool whole = false;  ///< one flat netlist of the top level instead of one netlist per distinct module
  std::function<void(std::string_view)> progress{};  ///< may be called from several threads, one at a time
};

/// Maps the design to its part's cells. Each distinct module and parameters below the top level is
/// synthesised flat, out of context, at most `jobs` at a time, and cached by content; a top level with logic
/// of its own is synthesised whole. Errors: BM-VERIFY-001..005, 030..033.
Result<SynthesisResult> synthesise(const DesignFiles& design, const SynthesisOptions& options);

}  // namespace bitmason::verify
