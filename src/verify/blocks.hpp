#pragma once

#include "verify/cache.hpp"
#include "verify/synthesis.hpp"

namespace bitmason::verify {

/// The top level as Yosys reads it alone: its instances with parameters and nets. Errors: as run_checked.
Result<Netlist> read_top(const DesignFiles& design, const Workbench& workbench);

/// True where the top level only joins modules of the design.
bool only_instances(const DesignFiles& design, const Netlist& top);

/// The distinct modules and parameters of the top level, each with its instances.
std::vector<Block> blocks_of(const Netlist& top);

/// Source files that `module` needs, directly or not, in the design's order. Errors: BM-FILE-001.
Result<std::vector<std::string>> sources_of(const DesignFiles& design, const std::string& module);

/// Text of a parameter that names a memory file of the design or the common beginning of several, relative to
/// its folder; else empty.
std::string memory_name_of(const DesignFiles& design, const std::string& bits);

/// Synthesises one block into the cache and reads the result back. Errors: as synthesise.
Status synthesise_block(const DesignFiles& design, const Workbench& workbench, Block& block,
                        bool& from_cache);

}  // namespace bitmason::verify
