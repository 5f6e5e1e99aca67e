#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "hw/design.hpp"
#include "hw/module.hpp"
#include "ir/network.hpp"

/// Writers of the generated accelerator. They print what hw decided and decide nothing.
namespace bitmason::emit {

/// The top level module `top` as SystemVerilog. Tools that read modules before their parameters are known
/// need Yosys' `read_verilog -defer` or the like: memories without a file are refused. Memory files are named
/// `{`BITMASON_MEM, "<file>"}`.
std::string print_top(const hw::Design& design);

/// A module of plain vectors as SystemVerilog.
std::string print_module(const hw::Module& module);

/// One word a line, hexadecimal, most significant digit first, for $readmemh.
std::string print_memory(const hw::MemoryFile& memory);

/// Files of the RTL library, relative to its folder.
struct RtlSources {
  std::vector<std::filesystem::path> synthesis;  ///< modules used, directly or by other modules
  std::vector<std::filesystem::path>
      simulation;  ///< behavioural models of the primitives that these instantiate
};

/// Finds the files that the design's modules need: `bm_x` lives in `bm_x.sv`, the model of a primitive X in
/// `dsp/models/X.sv`. Errors: BM-EMIT-002, BM-FILE-*.
Result<RtlSources> find_sources(const hw::Design& design, const std::filesystem::path& rtl);

/// Facts about the written files that the manifest repeats.
struct ManifestFiles {
  RtlSources sources;
  std::string signature;                   ///< SHA-256 over top level, memories and sources
  std::vector<std::string> memory_sha256;  ///< in the order of Design::memories
};

/// The value of "format" in design.json, by which a folder is known as ours.
inline constexpr const char* kManifestFormat = "bitmason-design";

/// design.json: ports, streams, layers, planned figures, files.
std::string print_manifest(const hw::Design& design, const ManifestFiles& files);

/// Texts by path relative to the design's folder.
using Contents = std::map<std::string, std::string>;

/// For parts of Vivado constraints.xdc with the plan's clock and vivado.tcl, which synthesises, places and
/// routes the folder; for others nothing.
Contents vendor_files(const hw::Design& design);

/// Writes the accelerator: top.sv, rtl/ (unchanged copies), mem/, filelist.f, filelist_sim.f, vendor_files(),
/// design.json, network.json, and `more` beside them. Everything is written to a temporary neighbour of
/// `folder` that is then renamed. An earlier design there is replaced; a folder that holds anything else is
/// refused and left as it is. Deterministic. Errors: BM-EMIT-*, BM-FILE-*.
Status write_design(const hw::Design& design, const ir::Network& network, const std::filesystem::path& folder,
                    const std::filesystem::path& rtl, const Contents& more = {});

}  // namespace bitmason::emit
