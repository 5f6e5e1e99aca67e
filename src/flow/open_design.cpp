#include "flow/open_design.hpp"

#include "base/file.hpp"
#include "flow/diagnostics.hpp"
#include "flow/located.hpp"
#include "ir/text.hpp"

namespace bitmason::flow {

Result<OpenDesign> open_design(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "design.json")) {
    return make_diagnostic(diagnostics::kNotDesign, folder.string(), {"design.json"});
  }
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
