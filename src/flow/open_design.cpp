#include "flow/open_design.hpp"

#include "base/file.hpp"
#include "flow/diagnostics.hpp"
#include "flow/located.hpp"
#include "ir/text.hpp"

namespace bitmason::flow {

Status check_holds(const std::filesystem::path& folder, const std::string& file) {
  if (folder.empty()) return make_diagnostic(diagnostics::kNoName, "design", {"folder", "out/net"});
  std::error_code error;
  if (std::filesystem::exists(folder / file, error)) return success();
  return make_diagnostic(diagnostics::kNotDesign, folder.string(), {file});
}

Result<OpenDesign> open_design(const std::filesystem::path& folder) {
  if (auto held = check_holds(folder, "design.json"); !held) return held.errors();
  auto files = verify::read_design(folder);
  if (!files) return files.errors();
  const auto text = read_file(folder / "network.json");
  if (!text) return text.errors();
  auto network = ir::parse_network(*text);
  if (!network) return located(network.errors(), folder / "network.json");
  auto report = report::read_report(folder);
  if (!report) return report.errors();
  return OpenDesign{std::move(*files), std::move(*network), std::move(*report)};
}

}  // namespace bitmason::flow
