#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <memory>

#include "base/file.hpp"
#include "engines.hpp"
#include "graph/write.hpp"
#include "processes.hpp"
#include "qat/integer_evaluation.hpp"
#include "search/front.hpp"
#include "search/kept_finds.hpp"
#include "search_setup.hpp"

namespace bitmason::train_cli {
namespace {

/// Networks of choices, made once for equal bits.
class Networks {
 public:
  Networks(const SearchRequest& request, const SearchSetup& setup) : request_(request), setup_(setup) {}

  /// Writes the network of the point and measures it.
  Status finish(search::Point& point) {
    auto& [model, right] = made_[point.bits];
    if (model.nodes.empty()) {
      const auto graph = quantised(request_, setup_.graph, setup_.data.train, point.bits, request_.threads);
      if (!graph) return graph.errors();
      const auto accuracy = qat::accuracy(*graph, setup_.data.holdout, request_.threads);
      if (!accuracy) return accuracy.errors();
      model = graph::to_onnx(*graph);
      right = *accuracy;
    }
    point.accuracy = right;
    return onnxio::write_model(request_.out / fmt::format("{}_{}.onnx", point.engine, point.budget), model);
  }

 private:
  const SearchRequest& request_;
  const SearchSetup& setup_;
  std::map<search::Bits, std::pair<onnxio::Model, double>> made_;
};

/// Measures sensitivities, lets every engine choose bits for every interval, quantises and exports each
/// choice and measures its accuracy on the images held out. Writes ENGINE_CYCLES.onnx and search.json.
Diagnostics run(const SearchRequest& request, const EngineRequest& engines) {
  const auto setup = set_up(request);
  if (!setup) return setup.errors();
  Networks networks(request, **setup);
  const search::Problem problem = (*setup)->problem();
  const search::KeptFinds finds(problem, engines_of(request, engines, **setup), request.out / "finds");
  if (const auto status = finds.search_free(); !status) return status.errors();
  const auto points = search::search_all(
      problem, finds.engines(), [&](search::Point& point) { return networks.finish(point); },
      [](std::int64_t interval, const search::Engine& engine, const std::optional<search::Found>& found) {
        fmt::print(stderr, "{} cycles, {}: {}\n", interval, engine.name,
                   found ? search::to_text(found->bits) : "nothing found");
      });
  if (!points) return points.errors();
  if (!processes().first()) return {};
  const auto json = search::to_json((*setup)->graph.name, request.part, *points);
  if (const auto status = write_file(request.out / "search.json", json + "\n"); !status)
    return status.errors();
  fmt::print("{}", request.json ? json + "\n" : search::to_table(*points));
  return {};
}

}  // namespace

void add_search(CLI::App& app, Action& chosen) {
  auto* verb = app.add_subcommand("search", "choose the bits of every layer for a part and an interval");
  auto request = std::make_shared<SearchRequest>();
  auto engines = std::make_shared<EngineRequest>();
  const auto required = add_search_options(*verb, *request);
  add_engine_options(*verb, *engines);
  verb->footer("Example: bitmason-train search float.onnx --intervals 3072,4096 --out found");
  verb->callback([&chosen, request, engines, required] {
    required();
    chosen = [request, engines] { return run(*request, *engines); };
  });
}

}  // namespace bitmason::train_cli
