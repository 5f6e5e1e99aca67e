#include "search_setup.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/text.hpp"
#include "data_folder.hpp"
#include "flow/diagnostics.hpp"
#include "graph/write.hpp"
#include "import/import.hpp"
#include "qat/calibration.hpp"
#include "qat/sensitivity.hpp"
#include "qat/trainer.hpp"
#include "search/engines.hpp"

namespace bitmason::train_cli {
namespace {

constexpr int kImageBits = 8;

/// All of the part, weights on it.
Result<search::Target> target_of(const std::string& name) {
  const auto database = device::load_database(data_folder() / "devices");
  if (!database) return database.errors();
  const auto* part = database->find_part(name);
  if (part == nullptr) {
    std::vector<std::string> known;
    for (const auto& one : database->parts) known.push_back(one.name);
    return make_diagnostic(flow::diagnostics::kUnknownPart, name, {"part", joined(known)});
  }
  return search::Target{*part,
                        *database->find_primitive(part->primitive),
                        {.limit = {part->dsps, part->luts, part->flip_flops, part->bram18s, part->urams},
                         .clock_mhz = part->clock_mhz,
                         .external = plan::ExternalWeights::Never}};
}

search::WidthSets widths_of(const SearchRequest& request, std::size_t layers) {
  const auto [weights_from, weights_to] = request.weights;
  const auto [activations_from, activations_to] = request.activations;
  return {search::width_sets(layers, weights_from, weights_to, kImageBits).weights,
          search::width_sets(layers, activations_from, activations_to, kImageBits).activations};
}

/// In 8 bits, as the planner knows it.
Result<ir::Network> planned_form(const SearchRequest& request, const graph::Graph& graph,
                                 const data::ImageSet& images) {
  const auto bits = search::uniform(graph::weighted(graph).size(), kImageBits, kImageBits, kImageBits);
  const auto made = quantised(request, graph, images, bits, request.threads);
  if (!made) return made.errors();
  auto imported = import::import_onnx(graph::to_onnx(*made), {});
  if (!imported) return imported.errors();
  return std::move(imported.value().network);
}

/// `base`: qat::SensitivityOptions::base.
Result<qat::Sensitivity> measured(const SearchRequest& request, const graph::Graph& graph,
                                  const data::DataSplit& data, const search::WidthSets& widths,
                                  const std::optional<graph::Bits>& base) {
  auto found = qat::sensitivity(graph, data.train,
                                data.holdout.slice(0, std::min(request.images, data.holdout.count())),
                                {.weights = widths.weights,
                                 .activations = widths.activations,
                                 .base = base,
                                 .images = request.images,
                                 .threads = request.threads,
                                 .folder = request.out / "losses",
                                 .progress = [](const qat::SensitivityProgress& progress) {
                                   fmt::print(stderr, "\rsensitivities {}/{}, {:.0f} s left ", progress.done,
                                              progress.total, progress.seconds_left);
                                 }});
  fmt::print(stderr, "\n");
  return found;
}

std::vector<std::vector<int>> single(const std::vector<int>& widths) {
  std::vector<std::vector<int>> sets;
  for (const int width : widths) sets.push_back({width});
  return sets;
}

Result<std::vector<std::int64_t>> intervals_of(const SearchRequest& request,
                                               const search::Blueprint& blueprint,
                                               const search::Target& target) {
  auto intervals = request.intervals;
  if (!request.uniform) return intervals;
  const auto uniform = search::uniform_intervals(blueprint, target, 2, 6, kImageBits);
  if (!uniform) return uniform.errors();
  for (const auto& one : *uniform) {
    fmt::print(stderr, "budget of {}: {} cycles\n", search::to_text(one.uniform), one.cycles);
    intervals.push_back(one.cycles);
  }
  return intervals;
}

}  // namespace

Result<graph::Graph> quantised(const SearchRequest& request, const graph::Graph& graph,
                               const data::ImageSet& images, const search::Bits& bits, int threads) {
  return qat::quantise(
      graph, images,
      {.place = {.bits = {bits.weights, bits.activations}}, .images = request.images, .threads = threads});
}

Result<Around> measured_around(const SearchRequest& request, const SearchSetup& setup,
                               const search::Bits& bits) {
  const auto found =
      measured(request, setup.graph, setup.data, setup.widths, graph::Bits{bits.weights, bits.activations});
  if (!found) return found.errors();
  return Around{found->base, {found->weights, found->activations}};
}

Result<double> divergence_of(const SearchRequest& request, const SearchSetup& setup,
                             const search::Bits& bits) {
  const auto found =
      measured(request, setup.graph, setup.data, {single(bits.weights), single(bits.activations)},
               graph::Bits{bits.weights, bits.activations});
  if (!found) return found.errors();
  return found->base;
}

Result<std::unique_ptr<SearchSetup>> set_up(const SearchRequest& request) {
  auto target = target_of(request.part);
  if (!target) return target.errors();
  const auto read = read_network(request.network);
  if (!read) return read.errors();
  auto data = open_data(request.data, read->input);
  if (!data) return data.errors();
  graph::Graph graph = graph::without_quantisers(*read);
  for (const auto* set : {&data->train, &data->holdout}) {
    if (const auto status = qat::check_images(graph, *set); !status) return status.errors();
  }
  auto network = planned_form(request, graph, data->train);
  if (!network) return network.errors();
  search::Blueprint blueprint(*std::move(network));
  auto widths = widths_of(request, blueprint.weighted().size());
  const auto intervals = intervals_of(request, blueprint, *target);
  if (!intervals) return intervals.errors();
  auto tables = search::CostTables::of(blueprint, *target, widths, *intervals, request.threads);
  if (!tables) return tables.errors();
  const auto losses = measured(request, graph, *data, widths, std::nullopt);
  if (!losses) return losses.errors();
  return std::make_unique<SearchSetup>(SearchSetup{std::move(graph),
                                                   *std::move(data),
                                                   *std::move(target),
                                                   std::move(blueprint),
                                                   std::move(widths),
                                                   *std::move(tables),
                                                   {losses->weights, losses->activations}});
}

}  // namespace bitmason::train_cli
