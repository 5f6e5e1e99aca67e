#include "flow/rtl_engine.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "flow/design_step.hpp"
#include "flow/diagnostics.hpp"
#include "flow/workbench.hpp"
#include "verify/cache.hpp"
#include "verify/cosimulation.hpp"

namespace bitmason::flow {

namespace {

/// A folder of its own in the system's folder for temporary files, removed with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::error_code error;
    const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
    reason_ = error.message();
    if (error) return;
    std::string name = (parent / "bitmason-rtl-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
    reason_ = std::strerror(errno);
  }
  ~TemporaryFolder() {
    std::error_code error;
    if (!path_.empty()) std::filesystem::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Why there is no path.
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  std::filesystem::path path_;
  std::string reason_;
};

/// The same design in the cache, by its content: a simulator finds its memory files by their path, so the
/// path must be the same in the next run.
Result<verify::DesignFiles> kept_design(const std::filesystem::path& folder,
                                        const std::filesystem::path& cache) {
  const auto files = verify::read_design(folder);
  if (!files) return files.errors();
  verify::CacheKey key;
  key.add("signature", files->signature);
  if (auto added = key.add_file("manifest", folder / "design.json"); !added) return added.errors();
  const auto kept = verify::Cache(cache).obtain("design", key, [&](const std::filesystem::path& place) {
    std::error_code error;
    std::filesystem::copy(folder, place, std::filesystem::copy_options::recursive, error);
    return error ? Status(make_diagnostic(diagnostics::kTemporary, place.string(), {error.message()}))
                 : success();
  });
  if (!kept) return kept.errors();
  return verify::read_design(*kept);
}

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
  const auto scratch = std::make_shared<TemporaryFolder>();
  if (scratch->path().empty()) return make_diagnostic(diagnostics::kTemporary, "TMPDIR", {scratch->reason()});
  const auto workbench = workbench_of(request.data, request.cache.value_or(scratch->path() / "cache"));
  progress(fmt::format("building the design for {}; its simulator is kept in {}", request.part,
                       request.cache ? workbench.cache.string() : "no folder"));
  const std::filesystem::path folder = scratch->path() / "design";
  const auto written =
      write_design({.network = request.network, .part = request.part, .data = request.data}, folder);
  if (!written) return written.errors();
  const auto files = kept_design(folder, workbench.cache);
  if (!files) return files.errors();
  progress("simulating in Verilator");
  return BatchEngine(
      [&network, files = *files, workbench, scratch](const Frames& frames, const Finished& finished) {
        auto traces = traces_of(network, files, frames, workbench);
        if (traces) finished(frames.size());
        return traces;
      });
}

}  // namespace bitmason::flow
