#include "flow/earlier_results.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "flow/open_design.hpp"

namespace bitmason::flow {

namespace {

bool measured(const report::Report& report) {
  return !report.exact.empty() || report.depth ||
         std::any_of(report.resources.begin(), report.resources.end(),
                     [](const auto& entry) { return entry.second.synthesised.has_value(); });
}

/// The signature in design.json would miss files that were changed after the build.
std::string content_of(const verify::DesignFiles& design) {
  std::string digests = design.part + "\n" + design.synthesis + "\n";
  const auto add = [&](const std::string& path) {
    const auto text = read_file(design.folder / path);
    digests += path + " " + (text ? sha256_hex(*text) : "none") + "\n";
  };
  add("network.json");
  for (const auto* list : {&design.sources, &design.simulation_sources, &design.memories})
    std::ranges::for_each(*list, add);
  if (!design.external_memory.empty()) add(design.external_memory);
  return sha256_hex(digests);
}

}  // namespace

std::optional<EarlierResults> earlier_results(const std::filesystem::path& folder) {
  if (!check_holds(folder, "design.json")) return std::nullopt;
  auto design = open_design(folder);
  if (!design || !measured(design->report)) return std::nullopt;
  return EarlierResults{content_of(design->files), std::move(design->report)};
}

Status keep_results(const EarlierResults& earlier, const std::filesystem::path& folder,
                    const Progress& progress) {
  const auto design = open_design(folder);
  if (!design) return design.errors();
  if (content_of(design->files) != earlier.content) {
    progress("dropped the earlier results of verification and synthesis: the design is another one");
    return success();
  }
  progress("kept the earlier results of verification and synthesis: the design is the same");
  return report::write_report(folder, report::with_measurements(design->report, earlier.report));
}

}  // namespace bitmason::flow
