#include "verify/synthesis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <mutex>

#include "verify/blocks.hpp"
#include "verify/jobs.hpp"
#include "verify/process.hpp"

namespace bitmason::verify {

namespace {

/// Synthesises the blocks side by side; the number that came from the cache.
Result<int> synthesise_blocks(const DesignFiles& design, const SynthesisOptions& options,
                              std::vector<Block>& blocks) {
  std::mutex mutex;
  int from_cache = 0;
  int done = 0;
  const auto one = [&](std::size_t k) -> Status {
    Block& block = blocks[k];
    const auto start = std::chrono::steady_clock::now();
    bool cached = false;
    if (auto status = synthesise_block(design, options.workbench, block, cached); !status) return status;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const std::lock_guard lock(mutex);
    if (cached) ++from_cache;
    if (!options.progress) return success();
    options.progress(fmt::format("  {} of {}: {} ({}): {} LUT, {} DSP, {:.0f} s{}", ++done, blocks.size(),
                                 block.instances.front(), block.module, block.resources.luts.value,
                                 block.resources.dsps.value, seconds, cached ? ", from the cache" : ""));
    return success();
  };
  if (auto status = run_jobs(options.workbench.jobs, blocks.size(), one); !status) return status.errors();
  return from_cache;
}

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
  const auto from_cache = synthesise_blocks(design, options, result.blocks);
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
