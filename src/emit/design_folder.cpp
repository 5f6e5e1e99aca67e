#include "emit/design_folder.hpp"

#include <unistd.h>

#include <map>

#include "base/file.hpp"
#include "emit/diagnostics.hpp"
#include "ir/text.hpp"

namespace bitmason::emit {

namespace fs = std::filesystem;

namespace {

/// Content by path relative to the folder; complete before anything is written.
using Contents = std::map<std::string, std::string>;

std::string file_list(const std::vector<fs::path>& files) {
  std::string text;
  for (const fs::path& file : files) text += "rtl/" + file.generic_string() + "\n";
  return text;
}

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
  std::string digests;
  for (const auto& [path, text] : contents) digests += path + " " + sha256_hex(text) + "\n";
  files.signature = sha256_hex(digests);
  contents["filelist.f"] = file_list(sources->synthesis) + "top.sv\n";
  contents["filelist_sim.f"] = file_list(sources->simulation) + contents["filelist.f"];
  contents["design.json"] = print_manifest(design, files);
  contents["network.json"] = ir::to_json(network);
  return contents;
}

/// Refuses a folder that holds anything but an earlier design.
Status check_target(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error) || fs::exists(folder / "design.json", error)) return success();
  if (!fs::is_directory(folder, error)) {
    return make_diagnostic(diagnostics::kFolder, folder.string(), {"it is a file"});
  }
  const auto entries = std::distance(fs::directory_iterator(folder, error), fs::directory_iterator());
  if (entries == 0) return success();
  return make_diagnostic(diagnostics::kForeignFolder, folder.string(), {std::to_string(entries)});
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
                    const fs::path& rtl) {
  const fs::path target = fs::absolute(folder).lexically_normal();
  const fs::path clean = target.has_filename() ? target : target.parent_path();
  if (auto fine = check_target(clean); !fine) return fine;
  const auto contents = contents_of(design, network, rtl);
  if (!contents) return contents.errors();
  const std::string unique = "." + clean.filename().string() + "." + std::to_string(::getpid());
  const fs::path temporary = clean.parent_path() / (unique + ".new");
  for (const auto& [path, text] : *contents) {
    if (auto written = write_file(temporary / path, text); !written) {
      std::error_code error;
      fs::remove_all(temporary, error);
      return written;
    }
  }
  return put_in_place(temporary, clean, clean.parent_path() / (unique + ".old"));
}

}  // namespace bitmason::emit
