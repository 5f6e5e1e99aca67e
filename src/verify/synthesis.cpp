#include "verify/synthesis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "verify/blocks.hpp"
#include "verify/process.hpp"

namespace bitmason::verify {

namespace {

/// Works through the blocks with `jobs` threads; the first error stops the others after their block.
class BlockQueue {
 public:
  BlockQueue(const DesignFiles& design, const SynthesisOptions& options, std::vector<Block>& blocks)
      : design_(design), options_(options), blocks_(blocks) {}

  Result<int> run() {
    std::vector<std::thread> threads;
    const auto jobs = static_cast<std::size_t>(std::max(1, options_.workbench.jobs));
    for (std::size_t k = 0; k < std::min(jobs, blocks_.size()); ++k) threads.emplace_back([this] { work(); });
    for (std::thread& thread : threads) thread.join();
    if (!errors_.empty()) return errors_;
    return from_cache_;
  }

 private:
  void work() {
    while (true) {
      const std::size_t k = next_++;
      if (k >= blocks_.size()) return;
      {
        const std::lock_guard lock(mutex_);
        if (!errors_.empty()) return;
      }
      const auto start = std::chrono::steady_clock::now();
      bool cached = false;
      const auto status = synthesise_block(design_, options_.workbench, blocks_[k], cached);
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      finished(blocks_[k], status, cached, seconds);
    }
  }

  void finished(const Block& block, const Status& status, bool cached, double seconds) {
    const std::lock_guard lock(mutex_);
    if (!status) {
      errors_.insert(errors_.end(), status.errors().begin(), status.errors().end());
      return;
    }
    if (cached) ++from_cache_;
    if (!options_.progress) return;
    options_.progress(fmt::format("  {} of {}: {} ({}): {} LUT, {} DSP, {:.0f} s{}", ++done_, blocks_.size(),
                                  block.instances.front(), block.module, block.resources.luts.value,
                                  block.resources.dsps.value, seconds, cached ? ", from the cache" : ""));
  }

  const DesignFiles& design_;
  const SynthesisOptions& options_;
  std::vector<Block>& blocks_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  Diagnostics errors_;
  int from_cache_ = 0;
  int done_ = 0;
};

const Block& block_of(const std::vector<Block>& blocks, const std::string& instance) {
  return *std::find_if(blocks.begin(), blocks.end(), [&](const Block& block) {
    return std::find(block.instances.begin(), block.instances.end(), instance) != block.instances.end();
  });
}

Result<Paths> paths_of(const Netlist& top, const std::vector<Block>& blocks) {
  std::vector<DepthInstance> instances;
  for (const NetlistCell& cell : top.cells) {
    const Block& block = block_of(blocks, cell.name);
    DepthInstance instance{cell.name, &block.depth, cell.pins};
    for (NetlistPort& pin : instance.pins) {
      const auto port = std::find_if(block.ports.begin(), block.ports.end(),
                                     [&](const NetlistPort& p) { return p.name == pin.name; });
      pin.is_output = port != block.ports.end() && port->is_output;
    }
    instances.push_back(std::move(instance));
  }
  return compose_depth(instances);
}

void add_totals(const DesignFiles& design, const Netlist& top, SynthesisResult& result) {
  for (const NetlistCell& cell : top.cells) {
    const Block& block = block_of(result.blocks, cell.name);
    const auto layer = design.instance_layers.find(cell.name);
    result.instances.push_back(
        {cell.name, cell.type, layer == design.instance_layers.end() ? "" : layer->second, block.resources});
    result.total += block.resources;
    for (const std::string& line : block.unregistered_dsps) {
      result.unregistered_dsps.push_back(cell.name + ": " + line);
    }
  }
}

/// The top level stands as one block with one instance, itself.
Netlist whole_design(const DesignFiles& design, SynthesisResult& result) {
  result.blocks = {Block{.module = design.top, .parameters = {}, .instances = {design.top}}};
  Netlist top;
  top.cells = {NetlistCell{.name = design.top, .type = design.top, .parameters = {}, .pins = {}}};
  return top;
}

}  // namespace

Result<SynthesisResult> synthesise(const DesignFiles& design, const SynthesisOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  SynthesisResult result;
  const auto version = yosys_version();
  if (!version) return version.errors();
  result.tool = *version;
  auto top = read_top(design, options.workbench);
  if (!top) return top.errors();
  if (options.whole || !only_instances(design, *top)) {
    *top = whole_design(design, result);
  } else {
    result.blocks = blocks_of(*top);
  }
  const auto from_cache = BlockQueue(design, options, result.blocks).run();
  if (!from_cache) return from_cache.errors();
  result.from_cache = *from_cache;
  add_totals(design, *top, result);
  Paths paths;
  if (result.blocks.size() == 1 && result.blocks[0].module == design.top) {
    paths = result.blocks[0].depth.all();
  } else {
    auto composed = paths_of(*top, result.blocks);
    if (!composed) return composed.errors();
    paths = *std::move(composed);
  }
  if (!paths.empty()) result.worst = worst_of(paths);
  result.meets_rule = meets_rule(result.worst.depth);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace bitmason::verify
