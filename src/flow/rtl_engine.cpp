#include "flow/rtl_engine.hpp"

#include <fmt/format.h>

#include "base/file.hpp"
#include "flow/design_step.hpp"
#include "flow/diagnostics.hpp"
#include "flow/workbench.hpp"
#include "ir/text.hpp"
#include "verify/cosimulation.hpp"

namespace bitmason::flow {

namespace {

Result<std::vector<sim::Trace>> traces_of(const ir::Network& network, const verify::DesignFiles& files,
                                          const Frames& frames, const verify::Workbench& workbench) {
  std::vector<sim::Trace> traces(frames.size(), sim::Trace(network.layers().size()));
  const auto outputs = verify::run_design(files, network, frames, workbench);
  if (!outputs) return outputs.errors();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    for (std::size_t k = 0; k < network.outputs().size(); ++k) {
      traces[i][static_cast<std::size_t>(network.outputs()[k].layer)] = (*outputs)[i][k];
    }
  }
  return traces;
}

}  // namespace

Result<BatchEngine> rtl_engine(const ir::Network& network, const RunRequest& request,
                               const Progress& progress) {
  const std::string key = sha256_hex(ir::to_json(network) + request.part).substr(0, 16);
  std::error_code error;
  const std::filesystem::path temporary = std::filesystem::temp_directory_path(error);
  if (error) return make_diagnostic(diagnostics::kTemporary, "TMPDIR", {error.message()});
  const std::filesystem::path folder = temporary / ("bitmason-rtl-" + key);
  progress(fmt::format("building the design for {} in {}", request.part, folder.string()));
  const auto written = write_design({.network = request.network, .part = request.part, .data = request.data},
                                    folder / "design");
  if (!written) return written.errors();
  const auto files = verify::read_design(folder / "design");
  if (!files) return files.errors();
  progress("simulating in Verilator");
  const auto workbench = workbench_of(request.data, folder / "cache");
  return BatchEngine([&network, files = *files, workbench](const Frames& frames, const Finished& finished) {
    auto traces = traces_of(network, files, frames, workbench);
    if (traces) finished(frames.size());
    return traces;
  });
}

}  // namespace bitmason::flow
