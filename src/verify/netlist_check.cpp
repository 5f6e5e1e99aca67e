#include "verify/netlist_check.hpp"

#include <fmt/format.h>

#include <chrono>
#include <mutex>

#include "base/file.hpp"
#include "verify/jobs.hpp"
#include "verify/process.hpp"

namespace bitmason::verify {

Result<NetlistCheckResult> check_netlists(const DesignFiles& design, const SynthesisResult& synthesis,
                                          const NetlistCheckOptions& options) {
  NetlistCheckResult result{.equal = true, .blocks = {}};
  const auto version = verilator_version();
  if (!version) return version.errors();
  result.tool = *version;
  result.blocks.resize(synthesis.blocks.size());
  std::mutex mutex;
  std::size_t done = 0;
  const auto one = [&](std::size_t k) -> Status {
    const Block& block = synthesis.blocks[k];
    const auto start = std::chrono::steady_clock::now();
    auto equality = compare_block(design, block, options);
    if (!equality) return equality.errors();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const std::lock_guard lock(mutex);
    result.blocks[k] = *std::move(equality);
    if (!options.progress) return success();
    options.progress(fmt::format("  {} of {}: {} ({}): {}, {:.0f} s{}", ++done, synthesis.blocks.size(),
                                 block.instances.front(), block.module, result.blocks[k].to_text(), seconds,
                                 result.blocks[k].from_cache ? ", from the cache" : ""));
    return success();
  };
  if (auto run = run_jobs(options.workbench.jobs, synthesis.blocks.size(), one); !run) return run.errors();
  std::string inputs;
  for (const BlockEquality& equality : result.blocks) {
    result.equal = result.equal && equality.equal && equality.beats > 0;
    result.values += equality.beats;
    inputs += equality.input_sha256;
  }
  result.input_sha256 = sha256_hex(inputs);
  return result;
}

}  // namespace bitmason::verify
