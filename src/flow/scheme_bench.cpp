#include "base/file.hpp"
#include "emit/design_folder.hpp"
#include "flow/packing_bench.hpp"
#include "hw/scheme_adders.hpp"
#include "verify/blocks.hpp"

namespace bitmason::flow {

namespace {

constexpr const char* kScheme = "scheme";

/// Writes the file unless it is there with this text.
Status write_once(const std::filesystem::path& file, const std::string& text) {
  std::error_code error;
  if (std::filesystem::exists(file, error)) {
    const auto there = read_file(file);
    if (there && *there == text) return success();
  }
  return write_file(file, text);
}

}  // namespace

Status PackingBench::copy_adders() {
  for (const std::string& source : adders_.sources) {
    const auto text = read_file(rtl_ / source);
    if (!text) return text.errors();
    const auto file = adders_folder_ / source;
    std::error_code ignored;
    std::filesystem::create_directories(file.parent_path(), ignored);
    if (auto written = write_once(file, *text); !written) return written;
  }
  return success();
}

hw::SchemeShape PackingBench::shape_of(const pack::Scheme& scheme) const {
  return {.block = pack::full_block(scheme.parts),
          .lanes = kReferenceLanes,
          .steps = kMeasuredSteps,
          .primitive = number_,
          .cascade = primitive_.cascade};
}

std::optional<std::string> PackingBench::refusal(const pack::Scheme& scheme) const {
  const auto adders = hw::scheme_adders(scheme, shape_of(scheme), kScheme);
  if (adders) return std::nullopt;
  return adders.errors().front().message();
}

Result<SchemeOutcome> PackingBench::measure(const pack::Scheme& scheme) const {
  const auto adders = hw::scheme_adders(scheme, shape_of(scheme), kScheme);
  if (!adders) return SchemeOutcome(adders.errors().front().message());
  SchemeCost cost{.scheme = scheme, .control_flip_flops = adders->control_flip_flops};
  const auto lane = synthesised(adders->lane);
  if (!lane) return lane.errors();
  const auto channel = synthesised(adders->channel);
  if (!channel) return channel.errors();
  cost.lane = *lane;
  cost.channel = *channel;
  return SchemeOutcome(std::move(cost));
}

Result<AdderFigures> PackingBench::synthesised(const hw::Module& module) const {
  const std::string text = emit::print_module(module);
  const std::string file = sha256_hex(text).substr(0, 16) + ".sv";
  if (auto written = write_once(adders_folder_ / file, text); !written) return written.errors();
  verify::DesignFiles design;
  design.folder = adders_folder_;
  design.top = module.name;
  design.part = origin_.part;
  design.synthesis = origin_.synthesis;
  design.sources = adders_.sources;
  design.sources.push_back(file);
  verify::Block block{.module = module.name};
  bool cached = false;
  if (const auto status = verify::synthesise_block(design, workbench_, block, cached); !status)
    return status.errors();
  const verify::Paths paths = block.depth.all();
  const verify::Depth depth = paths.empty() ? verify::Depth{} : verify::worst_of(paths).depth;
  return AdderFigures{.luts = block.resources.luts.value,
                      .flip_flops = block.resources.flip_flops.value,
                      .levels = depth.levels,
                      .carry_bits = depth.carry_bits};
}

}  // namespace bitmason::flow
