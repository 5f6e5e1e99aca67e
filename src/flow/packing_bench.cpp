#include "flow/packing_bench.hpp"

#include <algorithm>
#include <string_view>

#include "base/file.hpp"
#include "emit/design_folder.hpp"
#include "flow/device_access.hpp"
#include "flow/diagnostics.hpp"
#include "flow/workbench.hpp"
#include "hw/array_limits.hpp"
#include "hw/pack_parameters.hpp"
#include "verify/blocks.hpp"
#include "verify/process.hpp"

namespace bitmason::flow {

namespace {

/// The arrays' widest sum.
constexpr int kWidestSum = 32;

/// Multipliers in cascade: as many sums as the guard bits hold, where the primitive has a cascade.
int chain_of(const pack::Packing& packing, const device::Primitive& primitive) {
  if (packing.rule == pack::Rule::Canary || packing.coding != pack::Coding::Plain || !primitive.cascade)
    return 1;
  int chain = 1;
  while (chain < kReferenceLanes && 2 * chain <= packing.accumulations) chain *= 2;
  return chain;
}

/// Bits of the exact sums of the reference array.
int sum_bits_of(const pack::Packing& packing) {
  std::size_t products = 1;
  for (const pack::Field& field : packing.fields) products = std::max(products, field.terms.size());
  const IntRange product = (packing.weight * packing.activation).united({-1, 0});
  const IntRange sum =
      product * (static_cast<std::int64_t>(products) * kReferenceLanes * std::int64_t{kMeasuredSteps});
  return std::min(sum.bits(), kWidestSum);
}

/// Name of the module that does not exist, by which an array refuses parameters; nothing where the tool
/// failed for another reason.
std::optional<std::string> refusing_check(const Diagnostics& errors) {
  for (const Diagnostic& error : errors) {
    const auto at = error.text.find("\\bm_");
    if (at == std::string::npos || error.text.find("is not part of the design") == std::string::npos)
      continue;
    const auto end = error.text.find_first_of("'` ", at);
    return error.text.substr(at + 1, end - at - 1);
  }
  return std::nullopt;
}

/// The text without line comments, blanks at line ends and empty lines: what a tool makes of it stays the
/// same.
std::string without_comments(std::string_view text) {
  std::string code;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    line = line.substr(0, line.find("//"));
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    if (!line.empty()) code.append(line).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return code;
}

/// Over the code of the sources that the primitive's arrays are made of: neither a comment nor another
/// primitive's cell changes their cost.
Result<std::string> digest_of(const std::filesystem::path& rtl, const std::vector<std::string>& sources,
                              const device::Primitive& primitive) {
  std::string digests;
  for (const std::string& source : sources) {
    if (hw::is_cell_of_another(primitive, std::filesystem::path(source).stem().string())) continue;
    const auto text = read_file(rtl / source);
    if (!text) return text.errors();
    digests += source + " " + sha256_hex(without_comments(*text)) + "\n";
  }
  return sha256_hex(digests);
}

std::int64_t inverters_of(const verify::Netlist& netlist) {
  return std::count_if(netlist.cells.begin(), netlist.cells.end(),
                       [](const verify::NetlistCell& cell) { return cell.type == "INV"; });
}

}  // namespace

Result<PackingBench> PackingBench::open(const DataFolders& data, const std::string& primitive_or_part,
                                        const std::filesystem::path& cache, int jobs) {
  PackingBench bench;
  const auto primitive = find_primitive(data, primitive_or_part);
  if (!primitive) return primitive.errors();
  bench.primitive_ = *primitive;
  const auto database = device::load_database(data.devices());
  if (!database) return database.errors();
  const device::Part* part = database->find_part(primitive_or_part);
  for (const device::Part& candidate : database->parts) {
    if (part == nullptr && candidate.primitive == primitive->name) part = &candidate;
  }
  const auto number = hw::primitive_number(*primitive);
  if (part == nullptr || !number) {
    return make_diagnostic(diagnostics::kUnknownPart, primitive->name, {"part with the primitive", "none"});
  }
  bench.number_ = *number;
  bench.rtl_ = data.rtl();
  const auto digest = bench.find_sources(bench.plain_);
  if (!digest) return digest.errors();
  const auto sign_digest = bench.find_sources(bench.sign_);
  if (!sign_digest) return sign_digest.errors();
  const auto adders_digest = bench.find_sources(bench.adders_);
  if (!adders_digest) return adders_digest.errors();
  const auto tool = verify::yosys_version();
  if (!tool) return tool.errors();
  bench.workbench_ = workbench_of(data, cache);
  bench.workbench_.jobs = jobs;
  bench.origin_ = {.primitive = primitive->name,
                   .part = part->name,
                   .synthesis = part->synthesis,
                   .tool = *tool,
                   .rtl = *digest,
                   .rtl_sign = *sign_digest,
                   .rtl_adders = *adders_digest};
  bench.adders_folder_ = std::filesystem::absolute(cache) / ("adders-" + adders_digest->substr(0, 8));
  if (auto copied = bench.copy_adders(); !copied) return copied.errors();
  return bench;
}

Result<std::string> PackingBench::find_sources(Library& library) const {
  hw::Design design;
  for (const std::string& module : library.modules)
    design.instances.push_back({.name = "u_" + module, .module = module});
  const auto sources = emit::find_sources(design, rtl_);
  if (!sources) return sources.errors();
  for (const auto& source : sources->synthesis) library.sources.push_back(source.generic_string());
  return digest_of(rtl_, library.sources, primitive_);
}

Result<std::variant<ArrayFigures, std::string>> PackingBench::synthesised(const pack::Packing& packing,
                                                                          int lanes, int chain,
                                                                          int sum_bits) const {
  const bool sign = packing.coding == pack::Coding::SignMagnitude;
  const Library& array = sign ? sign_ : plain_;
  const std::string& module = array.modules.front();
  verify::DesignFiles design;
  design.folder = std::filesystem::absolute(rtl_);
  design.top = module;
  design.part = origin_.part;
  design.synthesis = origin_.synthesis;
  design.sources = array.sources;
  verify::Block block{.module = module};
  const auto parameters =
      sign ? hw::sign_array_parameters(packing, number_,
                                       {.lanes = lanes, .steps = kMeasuredSteps, .sum_bits = sum_bits})
           : hw::pack_array_parameters(
                 packing, number_,
                 hw::array_shape(
                     packing,
                     {.lanes = lanes, .chain = chain, .steps = kMeasuredSteps, .sum_bits = sum_bits}));
  for (const auto& [name, value] : parameters) block.parameters[name] = hw::parameter_bits(value);
  bool cached = false;
  if (const auto status = verify::synthesise_block(design, workbench_, block, cached); !status) {
    if (auto name = refusing_check(status.errors()))
      return std::variant<ArrayFigures, std::string>(*std::move(name));
    return status.errors();
  }
  const auto netlist = verify::read_netlist(block.folder / "block.json", module);
  if (!netlist) return netlist.errors();
  const verify::Paths paths = block.depth.all();
  const verify::Depth depth = paths.empty() ? verify::Depth{} : verify::worst_of(paths).depth;
  return std::variant<ArrayFigures, std::string>(ArrayFigures{.lanes = lanes,
                                                              .luts = block.resources.luts.value,
                                                              .inverters = inverters_of(*netlist),
                                                              .flip_flops = block.resources.flip_flops.value,
                                                              .dsps = block.resources.dsps.value,
                                                              .levels = depth.levels,
                                                              .carry_bits = depth.carry_bits});
}

Result<PackingOutcome> PackingBench::measure(const pack::Packing& packing) const {
  PackingCost cost{
      .packing = packing, .chain = chain_of(packing, primitive_), .sum_bits = sum_bits_of(packing)};
  const int few = std::max(2, cost.chain);
  const int many = few < kReferenceLanes ? kReferenceLanes : 2 * kReferenceLanes;
  for (auto& [lanes, figures] : {std::pair<int, ArrayFigures&>{few, cost.few}, {many, cost.many}}) {
    auto outcome = synthesised(packing, lanes, cost.chain, cost.sum_bits);
    if (!outcome) return outcome.errors();
    if (const auto* reason = std::get_if<std::string>(&*outcome)) return PackingOutcome(*reason);
    figures = std::get<ArrayFigures>(*outcome);
  }
  return PackingOutcome(std::move(cost));
}

}  // namespace bitmason::flow
