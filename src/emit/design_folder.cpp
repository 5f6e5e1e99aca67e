#include "emit/design_folder.hpp"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file.hpp"
#include "emit/diagnostics.hpp"
#include "ir/text.hpp"

namespace bitmason::emit {

namespace fs = std::filesystem;

namespace {

std::string file_list(const std::vector<fs::path>& files) {
  std::string text;
  for (const fs::path& file : files) text += "rtl/" + file.generic_string() + "\n";
  return text;
}

/// Everything that the folder will hold; complete before anything is written.
Result<Contents> contents_of(const hw::Design& design, const ir::Network& network, const fs::path& rtl) {
  auto sources = find_sources(design, rtl);
  if (!sources) return sources.errors();
  Contents contents;
  ManifestFiles files{.sources = *sources, .signature = {}, .memory_sha256 = {}};
  for (const auto* group : {&sources->synthesis, &sources->simulation}) {
    for (const fs::path& file : *group) {
      auto text = read_file(rtl / file);
      if (!text) return text.errors();
      contents["rtl/" + file.generic_string()] = *std::move(text);
    }
  }
  contents["top.sv"] = print_top(design);
  for (const hw::MemoryFile& memory : design.memories) {
    std::string& text = contents["mem/" + memory.name] = print_memory(memory);
    files.memory_sha256.push_back(sha256_hex(text));
  }
  if (!design.external.regions.empty()) contents["weights.bin"] = design.external.image;
  std::string digests;
  for (const auto& [path, text] : contents) digests += path + " " + sha256_hex(text) + "\n";
  files.signature = sha256_hex(digests);
  contents["filelist.f"] = file_list(sources->synthesis) + "top.sv\n";
  contents["filelist_sim.f"] = file_list(sources->simulation) + contents["filelist.f"];
  contents.merge(vendor_files(design));
  contents["design.json"] = print_manifest(design, files);
  contents["network.json"] = ir::to_json(network);
  return contents;
}

/// The folder without links, dots and trailing slashes.
Result<fs::path> resolved(const fs::path& folder) {
  if (folder.empty()) return make_diagnostic(diagnostics::kFolder, "--out", {"its name is empty"});
  std::error_code error;
  fs::path target = fs::absolute(folder, error);
  if (!error) target = fs::weakly_canonical(target, error);
  if (error) return make_diagnostic(diagnostics::kFolder, folder.string(), {error.message()});
  target = target.lexically_normal();
  return target.has_filename() ? target : target.parent_path();
}

bool is_within(const fs::path& inner, const fs::path& outer) {
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

/// Every path that the build of an earlier design may have left, folders included; errors: BM-FILE-*,
/// BM-EMIT-005.
Result<std::set<fs::path>> paths_of_earlier(const fs::path& folder, const Contents& more) {
  constexpr std::uintmax_t kMostBytes = std::uintmax_t{1} << 28;
  const auto text = read_file(folder / "design.json", kMostBytes);
  if (!text) return text.errors();
  const auto manifest = nlohmann::json::parse(*text, nullptr, false);
  if (!manifest.is_object() || !manifest.contains("format") || manifest["format"] != kManifestFormat)
    return make_diagnostic(diagnostics::kForeignManifest, folder.string(), {kManifestFormat});
  std::set<fs::path> paths = {"top.sv",          "rtl",         "mem",          "filelist.f",
                              "filelist_sim.f",  "design.json", "network.json", "vivado.tcl",
                              "constraints.xdc", "weights.bin"};
  const auto add = [&](const nlohmann::json& name) {
    if (!name.is_string()) return;
    for (fs::path path = name.get<std::string>(); !path.empty(); path = path.parent_path()) {
      if (!paths.insert(path).second || path == path.parent_path()) break;
    }
  };
  for (const auto& [path, unused] : more) add(path);
  for (const char* list : {"sources", "simulation_sources"}) {
    if (manifest.contains(list)) std::ranges::for_each(manifest[list], add);
  }
  if (manifest.contains("memories")) {
    for (const auto& memory : manifest["memories"]) {
      if (memory.is_object() && memory.contains("file")) add(memory["file"]);
    }
  }
  return paths;
}

/// Refuses a folder that holds anything but an earlier design.
Status check_target(const fs::path& folder, const Contents& more) {
  std::error_code error;
  if (!fs::exists(folder, error)) {
    if (!error) return success();
    return make_diagnostic(diagnostics::kFolder, folder.string(), {error.message()});
  }
  if (!fs::is_directory(folder, error)) {
    return make_diagnostic(diagnostics::kFolder, folder.string(), {"it is a file"});
  }
  if (is_within(fs::current_path(error), folder) && !error)
    return make_diagnostic(diagnostics::kWorkingFolder, folder.string());
  const auto entries = std::distance(fs::directory_iterator(folder, error), fs::directory_iterator());
  if (error) return make_diagnostic(diagnostics::kFolder, folder.string(), {error.message()});
  if (entries == 0) return success();
  if (!fs::is_regular_file(folder / "design.json", error))
    return make_diagnostic(diagnostics::kForeignFolder, folder.string(), {std::to_string(entries)});
  const auto known = paths_of_earlier(folder, more);
  if (!known) return known.errors();
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const fs::path path = entry->path().lexically_relative(folder);
    if (!known->contains(path))
      return make_diagnostic(diagnostics::kForeignEntry, folder.string(), {path.generic_string()});
  }
  if (error) return make_diagnostic(diagnostics::kFolder, folder.string(), {error.message()});
  return success();
}

/// Renames `complete` to `folder`, moving an earlier design out of the way first and removing it last.
Status put_in_place(const fs::path& complete, const fs::path& folder, const fs::path& earlier) {
  std::error_code error;
  const bool replaces = fs::exists(folder, error);
  if (replaces) fs::rename(folder, earlier, error);
  if (!error) {
    fs::rename(complete, folder, error);
    std::error_code ignored;
    if (error && replaces) fs::rename(earlier, folder, ignored);
  }
  if (error) {
    const std::string reason = error.message();
    fs::remove_all(complete, error);
    return make_diagnostic(diagnostics::kFolder, folder.string(), {reason});
  }
  fs::remove_all(earlier, error);
  return success();
}

}  // namespace

Status write_design(const hw::Design& design, const ir::Network& network, const fs::path& folder,
                    const fs::path& rtl, const Contents& more) {
  const auto target = resolved(folder);
  if (!target) return target.errors();
  if (auto fine = check_target(*target, more); !fine) return fine;
  auto contents = contents_of(design, network, rtl);
  if (!contents) return contents.errors();
  contents->insert(more.begin(), more.end());
  const std::string unique = "." + target->filename().string() + "." + std::to_string(::getpid());
  const fs::path temporary = target->parent_path() / (unique + ".new");
  for (const auto& [path, text] : *contents) {
    if (auto written = write_file(temporary / path, text); !written) {
      std::error_code error;
      fs::remove_all(temporary, error);
      return written;
    }
  }
  return put_in_place(temporary, *target, target->parent_path() / (unique + ".old"));
}

}  // namespace bitmason::emit
