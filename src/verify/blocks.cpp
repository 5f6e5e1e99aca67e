#include "verify/blocks.hpp"

#include <algorithm>
#include <deque>
#include <set>

#include "base/file.hpp"
#include "verify/diagnostics.hpp"
#include "verify/process.hpp"

namespace bitmason::verify {

namespace fs = std::filesystem;

namespace {

/// Behind the part's command: Yosys 0.23 gives each flip-flop reset by a low signal an inverter of its own.
constexpr std::string_view kMergeInverters = "opt_merge -share_all t:INV";

Status run_yosys(const DesignFiles& design, const std::string& script, const fs::path& folder) {
  if (auto written = write_file(folder / "script.ys", script); !written) return written;
  const auto outcome = run_checked(
      {.program = "yosys",
       .arguments = {"-q", "-l", (folder / "yosys.log").string(), "-s", (folder / "script.ys").string()},
       .folder = design.folder,
       .log = folder / "output.log",
       .package = "yosys"});
  return outcome ? success() : Status(outcome.errors());
}

std::string in_quotes(const fs::path& path) {
  return "\"" + path.string() + "\"";
}

bool is_bits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("01xz") == std::string::npos;
}

/// Yosys writes text as text, with a space behind it where it could be taken for bits.
std::string bits_of(std::string text) {
  if (is_bits(text)) return text;
  if (!text.empty() && text.back() == ' ') text.pop_back();
  std::string bits;
  for (const char c : text) {
    for (int bit = 7; bit >= 0; --bit) bits += ((static_cast<unsigned char>(c) >> bit) & 1) != 0 ? '1' : '0';
  }
  return bits;
}

/// Words of a source file outside comments.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text.compare(k, 2, "//") == 0) k = std::min(text.find('\n', k), text.size() - 1);
    if (text.compare(k, 2, "/*") == 0) k = std::min(text.find("*/", k + 2), text.size() - 2) + 1;
    const char c = text[k];
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

Result<CacheKey> key_of(const DesignFiles& design, const Block& block,
                        const std::vector<std::string>& sources) {
  CacheKey key;
  const auto version = yosys_version();
  if (!version) return version.errors();
  key.add("tool", *version);
  key.add("command", design.synthesis);
  key.add("behind", std::string(kMergeInverters));
  key.add("module", block.module);
  for (const auto& [name, bits] : block.parameters) {
    const std::string file = memory_name_of(design, bits);
    if (file.empty()) key.add(name, bits);
    for (const std::string& memory : design.memories) {
      if (file.empty() || !memory.starts_with(file)) continue;
      const std::string rest = memory.substr(file.size());
      if (auto added = key.add_file(name + rest, design.folder / memory); !added) return added.errors();
    }
  }
  for (const std::string& source : sources) {
    if (auto added = key.add_file(source, design.folder / source); !added) return added.errors();
  }
  if (block.module != design.top) return key;
  for (const std::string& memory : design.memories) {
    if (auto added = key.add_file(memory, design.folder / memory); !added) return added.errors();
  }
  return key;
}

/// The part's command, flat and without pads or clock buffers: a block is no chip.
Result<std::string> command_of(const DesignFiles& design, const std::string& top) {
  if (design.synthesis.starts_with("synth_xilinx")) {
    return design.synthesis + " -flatten -noiopad -noclkbuf -top " + top;
  }
  if (design.synthesis.starts_with("synth_ecp5") || design.synthesis.starts_with("synth_ice40")) {
    return design.synthesis + " -top " + top;
  }
  return make_diagnostic(diagnostics::kSynthesisCommand, design.part, {design.synthesis});
}

std::string script_of(const Block& block, const std::vector<std::string>& sources, const std::string& command,
                      const fs::path& folder) {
  std::string script = "read_verilog -sv -defer";
  for (const std::string& source : sources) script += " " + in_quotes(source);
  script += "\nhierarchy -top " + block.module;
  for (const auto& [name, bits] : block.parameters) {
    // An empty text has no bits; modules declare their file parameters empty.
    if (!bits.empty()) script += " -chparam " + name + " " + std::to_string(bits.size()) + "'b" + bits;
  }
  script += "\n" + command + "\n";
  if (command.starts_with("synth_xilinx")) script += std::string(kMergeInverters) + "\n";
  // The library's models of unused cells would be most of the netlist file.
  script += "hierarchy -top " + block.module + " -purge_lib\n";
  script += "write_json " + in_quotes(folder / "block.json") + "\n";
  script += "write_verilog -noattr " + in_quotes(folder / "block.v") + "\n";
  return script;
}

}  // namespace

Result<Netlist> read_top(const DesignFiles& design, const Workbench& workbench) {
  CacheKey key;
  const auto version = yosys_version();
  if (!version) return version.errors();
  key.add("tool", *version);
  const std::string source = design.sources.back();
  if (auto added = key.add_file("top", design.folder / source); !added) return added.errors();
  const auto folder = Cache(workbench.cache).obtain("top", key, [&](const fs::path& temporary) {
    return run_yosys(design,
                     "read_verilog -sv " + in_quotes(source) + "\nproc\nopt_clean -purge\nwrite_json " +
                         in_quotes(temporary / "top.json") + "\n",
                     temporary);
  });
  if (!folder) return folder.errors();
  return read_netlist(*folder / "top.json", design.top);
}

Result<std::vector<std::string>> sources_of(const DesignFiles& design, const std::string& module) {
  std::map<std::string, std::string> definitions;
  std::map<std::string, std::vector<std::string>> words;
  for (const std::string& source : design.sources) {
    // Instances of the library never hold the top level, whatever their nets are called.
    if (module != design.top && source == design.sources.back()) continue;
    const auto text = read_file(design.folder / source);
    if (!text) return text.errors();
    auto& list = words[source] = words_of(*text);
    for (std::size_t k = 0; k + 1 < list.size(); ++k) {
      if (list[k] == "module" || list[k] == "package") definitions[list[k + 1]] = source;
    }
  }
  std::set<std::string> used;
  std::deque<std::string> open;
  if (definitions.contains(module)) open.push_back(definitions[module]);
  for (; !open.empty(); open.pop_front()) {
    if (!used.insert(open.front()).second) continue;
    for (const std::string& word : words[open.front()]) {
      if (definitions.contains(word)) open.push_back(definitions[word]);
    }
  }
  std::vector<std::string> ordered;
  std::copy_if(design.sources.begin(), design.sources.end(), std::back_inserter(ordered),
               [&](const std::string& source) { return used.contains(source); });
  return ordered;
}

bool only_instances(const DesignFiles& design, const Netlist& top) {
  return std::all_of(top.cells.begin(), top.cells.end(), [&](const NetlistCell& cell) {
    const auto sources = sources_of(design, cell.type);
    return sources.ok() && !sources->empty();
  });
}

std::vector<Block> blocks_of(const Netlist& top) {
  std::vector<Block> blocks;
  for (const NetlistCell& cell : top.cells) {
    std::map<std::string, std::string> parameters;
    for (const auto& [name, text] : cell.parameters) parameters[name] = bits_of(text);
    const auto found = std::find_if(blocks.begin(), blocks.end(), [&](const Block& block) {
      return block.module == cell.type && block.parameters == parameters;
    });
    Block& block = found == blocks.end() ? blocks.emplace_back() : *found;
    block.module = cell.type;
    block.parameters = parameters;
    block.instances.push_back(cell.name);
  }
  return blocks;
}

std::string memory_name_of(const DesignFiles& design, const std::string& bits) {
  if (bits.empty() || bits.size() % 8 != 0) return {};
  std::string text;
  for (std::size_t k = 0; k < bits.size(); k += 8) {
    int code = 0;
    for (std::size_t bit = k; bit < k + 8; ++bit) code = 2 * code + (bits[bit] == '1' ? 1 : 0);
    if (code != 0) text += static_cast<char>(code);
  }
  const bool named =
      !text.empty() && std::any_of(design.memories.begin(), design.memories.end(),
                                   [&](const std::string& memory) { return memory.starts_with(text); });
  return named ? text : std::string();
}

Status synthesise_block(const DesignFiles& design, const Workbench& workbench, Block& block,
                        bool& from_cache) {
  const auto sources = sources_of(design, block.module);
  if (!sources) return sources.errors();
  const auto command = command_of(design, block.module);
  if (!command) return command.errors();
  const auto key = key_of(design, block, *sources);
  if (!key) return key.errors();
  const Cache cache(workbench.cache);
  from_cache = cache.holds("block", *key);
  const auto folder = cache.obtain("block", *key, [&](const fs::path& temporary) {
    return run_yosys(design, script_of(block, *sources, *command, temporary), temporary);
  });
  if (!folder) return folder.errors();
  block.folder = *folder;
  const auto netlist = read_netlist(*folder / "block.json", block.module);
  if (!netlist) return netlist.errors();
  block.ports = netlist->ports;
  const auto resources = count_resources(*netlist);
  if (!resources) return resources.errors();
  block.resources = *resources;
  auto depth = measure_depth(*netlist);
  if (!depth) return depth.errors();
  block.depth = *std::move(depth);
  block.unregistered_dsps = verify::unregistered_dsps(*netlist);
  return success();
}

}  // namespace bitmason::verify
