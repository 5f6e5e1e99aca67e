#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/file.hpp"
#include "base/text.hpp"
#include "data_folder.hpp"
#include "flow/diagnostics.hpp"
#include "graph/write.hpp"
#include "import/import.hpp"
#include "qat/calibration.hpp"
#include "qat/integer_evaluation.hpp"
#include "qat/sensitivity.hpp"
#include "search.hpp"
#include "search/front.hpp"

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

/// Network, images, and what was made of choices so far.
class Networks {
 public:
  Networks(const SearchRequest& request, graph::Graph graph, const data::DataSplit& data)
      : request_(request), graph_(std::move(graph)), data_(data) {}

  [[nodiscard]] Result<graph::Graph> quantised(const search::Bits& bits) const {
    return qat::quantise(graph_, data_.train,
                         {.place = {.bits = {bits.weights, bits.activations}},
                          .images = request_.images,
                          .threads = request_.threads});
  }
  /// In 8 bits, as the planner knows it.
  [[nodiscard]] Result<ir::Network> planned_form() const {
    const auto graph =
        quantised(search::uniform(graph::weighted(graph_).size(), kImageBits, kImageBits, kImageBits));
    if (!graph) return graph.errors();
    auto imported = import::import_onnx(graph::to_onnx(*graph), {});
    if (!imported) return imported.errors();
    return std::move(imported.value().network);
  }
  [[nodiscard]] Result<search::Sensitivities> sensitivities(const search::WidthSets& widths) const {
    const auto found = qat::sensitivity(
        graph_, data_.train, data_.holdout.slice(0, std::min(request_.images, data_.holdout.count())),
        {.weights = widths.weights,
         .activations = widths.activations,
         .images = request_.images,
         .threads = request_.threads,
         .folder = request_.out / "losses",
         .progress = [](const qat::SensitivityProgress& progress) {
           fmt::print(stderr, "\rsensitivities {}/{}, {:.0f} s left ", progress.done, progress.total,
                      progress.seconds_left);
         }});
    fmt::print(stderr, "\n");
    if (!found) return found.errors();
    return search::Sensitivities{found->weights, found->activations};
  }
  /// Writes the network of the point and measures it, once for equal bits.
  Status finish(search::Point& point) {
    auto& [model, right] = made_[point.bits];
    if (model.nodes.empty()) {
      const auto graph = quantised(point.bits);
      if (!graph) return graph.errors();
      const auto accuracy = qat::accuracy(*graph, data_.holdout, request_.threads);
      if (!accuracy) return accuracy.errors();
      model = graph::to_onnx(*graph);
      right = *accuracy;
    }
    point.accuracy = right;
    return onnxio::write_model(request_.out / fmt::format("{}_{}.onnx", point.engine, point.budget), model);
  }

 private:
  const SearchRequest& request_;
  graph::Graph graph_;
  const data::DataSplit& data_;
  std::map<search::Bits, std::pair<onnxio::Model, double>> made_;
};

Diagnostics report(const SearchRequest& request, const std::string& network,
                   const std::vector<search::Point>& points) {
  const auto json = search::to_json(network, request.part, points);
  if (const auto status = write_file(request.out / "search.json", json + "\n"); !status)
    return status.errors();
  fmt::print("{}", request.json ? json + "\n" : search::to_table(points));
  return {};
}

}  // namespace

Diagnostics search_bits(const SearchRequest& request) {
  const auto target = target_of(request.part);
  if (!target) return target.errors();
  const auto graph = read_network(request.network);
  if (!graph) return graph.errors();
  const auto data = open_data(request.data, request.holdout);
  if (!data) return data.errors();
  Networks networks(request, graph::without_quantisers(*graph), *data);
  auto network = networks.planned_form();
  if (!network) return network.errors();
  const search::Blueprint blueprint(*std::move(network));
  const auto widths = widths_of(request, blueprint.weighted().size());
  auto intervals = request.intervals;
  if (request.uniform) {
    const auto uniform = search::uniform_intervals(blueprint, *target, 2, 6, kImageBits);
    if (!uniform) return uniform.errors();
    for (const auto& one : *uniform) intervals.push_back(one.cycles);
  }
  const auto tables = search::CostTables::of(blueprint, *target, widths, intervals, request.threads);
  if (!tables) return tables.errors();
  const auto sensitivities = networks.sensitivities(widths);
  if (!sensitivities) return sensitivities.errors();
  const auto points = search::search_all(
      {blueprint, *target, widths, *tables, *sensitivities},
      [&](search::Point& point) { return networks.finish(point); },
      [](std::int64_t interval, const search::Engine& engine, const std::optional<search::Found>& found) {
        fmt::print(stderr, "{} cycles, {}: {}\n", interval, engine.name,
                   found ? search::to_text(found->bits) : "nothing found");
      });
  if (!points) return points.errors();
  return report(request, graph->name, *points);
}

}  // namespace bitmason::train_cli
