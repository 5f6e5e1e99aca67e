#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "engines.hpp"
#include "number_list.hpp"
#include "processes.hpp"
#include "qat/recipe.hpp"
#include "search/comparison.hpp"
#include "search/kept_finds.hpp"
#include "trained_accuracy.hpp"

namespace bitmason::train_cli {
namespace {

struct Request {
  SearchRequest search;
  EngineRequest engines;
  qat::TrainSettings training{.epochs = 4, .learning_rate = 5e-4};
  std::vector<std::uint64_t> seeds{1, 2, 3};
  int jobs = 2;
  bool proxies = true;
  std::string command;  ///< as it was given, quoted for a shell
};

/// What the figures belong to.
std::string notes(const Request& request, const SearchSetup& setup) {
  const nlohmann::ordered_json json{{"network", setup.graph.name},
                                    {"data", request.search.data.path.string()},
                                    {"part", request.search.part},
                                    {"epochs", request.training.epochs},
                                    {"images",
                                     {{"train", setup.data.train.count()},
                                      {"held_out", setup.data.holdout.count()},
                                      {"test", setup.data.test.count()}}},
                                    {"command", request.command}};
  return json_text(json);
}

Diagnostics run(const Request& request) {
  if (const auto status = qat::check_settings(request.training); !status) return status.errors();
  const auto setup = set_up(request.search);
  if (!setup) return setup.errors();
  if (const auto status = qat::check_images((*setup)->graph, (*setup)->data.test); !status)
    return status.errors();
  TrainedAccuracy trained(request.search, **setup, request.training);
  search::StoredAccuracy accuracy(trained, search::TrialStore(request.search.out / "trials"), request.jobs);
  const search::Problem problem = (*setup)->problem();
  const search::KeptFinds finds(problem, engines_of(request.search, request.engines, **setup),
                                request.search.out / "finds");
  if (const auto status = finds.search_free(); !status) return status.errors();
  const search::ComparisonOptions options{.network = (*setup)->graph.name,
                                          .training = trained.training(),
                                          .seeds = request.seeds,
                                          .engines = finds.engines(),
                                          .proxies = request.proxies};
  const auto contests = search::compare(problem, accuracy, options,
                                        [](const std::string& text) { fmt::print(stderr, "{}\n", text); });
  if (!contests) return contests.errors();
  if (!processes().first()) return {};
  const auto json = search::to_json(*contests, options, notes(request, **setup)) + "\n";
  if (const auto status = write_file(request.search.out / "comparison.json", json); !status)
    return status.errors();
  // Every trial is finished.
  std::error_code none;
  std::filesystem::remove_all(request.search.out / "running", none);
  fmt::print("{}", request.search.json ? json : search::to_table(*contests));
  return {};
}

}  // namespace

void add_compare(CLI::App& app, Action& chosen, const std::string& command) {
  auto* verb = app.add_subcommand(
      "compare", "search, and train what is found beside the best uniform bits of the same interval");
  auto request = std::make_shared<Request>();
  request->command = command;
  const auto required = add_search_options(*verb, request->search);
  add_engine_options(*verb, request->engines);
  verb->add_option("--epochs", request->training.epochs, "of every trial, from the float weights")
      ->capture_default_str();
  verb->add_option("--learning-rate", request->training.learning_rate)->capture_default_str();
  verb->add_option("--batch", request->training.batch)->capture_default_str();
  add_number_list(*verb, "--seeds", request->seeds,
                  "of the trials; every candidate is trained with the first");
  verb->add_option("--jobs", request->jobs, "trials side by side, one thread each")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  verb->add_flag("!--without-proxies", request->proxies,
                 "do not train what bit operations and the reference's DSP table choose");
  verb->footer(
      "Finished trials are kept in OUT/trials, networks in OUT/networks; a restart goes on.\n"
      "Example: bitmason-train compare float.onnx --uniform-budgets --out compared");
  verb->callback([&chosen, request, required] {
    required();
    chosen = [request] { return run(*request); };
  });
}

}  // namespace bitmason::train_cli
