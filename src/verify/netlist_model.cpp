#include "verify/netlist_model.hpp"

#include <map>
#include <set>

#include "base/file.hpp"
#include "verify/cache.hpp"
#include "verify/cells.hpp"
#include "verify/diagnostics.hpp"
#include "verify/process.hpp"

namespace bitmason::verify {

namespace fs = std::filesystem;

namespace {

/// Types of the netlist's DSPs and memories.
Result<std::set<std::string>> large_types(const Block& block) {
  const auto netlist = read_netlist(block.folder / "block.json", block.module);
  if (!netlist) return netlist.errors();
  std::set<std::string> types;
  for (const NetlistCell& cell : netlist->cells) {
    const CellRule* rule = find_rule(cell.type);
    if (rule == nullptr) continue;
    if (rule->kind == CellKind::Dsp || rule->kind == CellKind::BlockRam || rule->kind == CellKind::UltraRam) {
      types.insert(cell.type);
    }
  }
  return types;
}

/// Model files by cell type: the design's own first, then the room's.
std::map<std::string, fs::path> models_of(const DesignFiles& design, const Workbench& workbench) {
  std::map<std::string, fs::path> models;
  for (const std::string& source : design.simulation_sources) {
    std::string stem = fs::path(source).stem().string();
    if (stem.ends_with("_model")) stem.resize(stem.size() - 6);
    models.emplace(stem, design.folder / source);
  }
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(workbench.support / "models", error)) {
    if (entry.path().extension() == ".v")
      models.emplace(entry.path().stem().string(), fs::absolute(entry.path()));
  }
  return models;
}

std::string library_of(const DesignFiles& design) {
  if (design.synthesis.starts_with("synth_ecp5")) return "+/ecp5/cells_sim.v";
  if (design.synthesis.starts_with("synth_ice40")) return "+/ice40/cells_sim.v";
  return "+/xilinx/cells_sim.v";
}

std::string script_of(const std::string& library, const std::set<std::string>& kept, const Block& block,
                      const fs::path& netlist, const fs::path& output) {
  std::string script = "read_verilog \"" + netlist.string() + "\"\nread_verilog -overwrite " + library + "\n";
  for (const std::string& type : kept) script += "delete =" + type + "\n";
  // Verilator 5.006 sees a carry chain on one vector as a loop and settles it wrongly: single bits have none.
  script += "hierarchy -top " + block.module +
            "\nproc\nflatten\nopt_expr\nopt_clean\nsplitnets w:* w:*.mem* %d\nopt_clean\n";
  // It refuses unknown bits in parameters too: an uninitialised memory starts with random ones.
  for (const std::string& type : kept) script += "setundef -params -random 1 t:" + type + "\n";
  return script + "write_verilog -noattr \"" + output.string() + "\"\n";
}

}  // namespace

Result<NetlistModel> netlist_model(const DesignFiles& design, const Block& block,
                                   const Workbench& workbench) {
  const auto types = large_types(block);
  if (!types) return types.errors();
  const auto available = models_of(design, workbench);
  NetlistModel model;
  std::set<std::string> kept;
  for (const std::string& type : *types) {
    const auto found = available.find(type);
    if (found != available.end()) {
      model.models.push_back(found->second);
      kept.insert(type);
    } else if (!design.synthesis.starts_with("synth_ice40")) {
      return make_diagnostic(diagnostics::kNoModels, block.module, {type});
    }
  }
  const std::string library = library_of(design);
  CacheKey key;
  const auto version = yosys_version();
  if (!version) return version.errors();
  key.add("tool", *version);
  key.add("script", script_of(library, kept, block, "netlist", "output"));
  if (auto added = key.add_file("netlist", block.folder / "block.v"); !added) return added.errors();
  const auto folder = Cache(workbench.cache).obtain("model", key, [&](const fs::path& temporary) -> Status {
    const std::string script =
        script_of(library, kept, block, block.folder / "block.v", temporary / "model.v");
    if (auto written = write_file(temporary / "script.ys", script); !written) return written;
    const auto outcome = run_checked({.program = "yosys",
                                      .arguments = {"-q", "-s", (temporary / "script.ys").string()},
                                      .folder = temporary,
                                      .log = temporary / "yosys.log",
                                      .package = "yosys"});
    return outcome ? success() : Status(outcome.errors());
  });
  if (!folder) return folder.errors();
  model.netlist = *folder / "model.v";
  return model;
}

}  // namespace bitmason::verify
