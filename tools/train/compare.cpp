#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "qat/recipe.hpp"
#include "search/comparison.hpp"
#include "trained_accuracy.hpp"

namespace bitmason::train_cli {
namespace {

struct Request {
  SearchRequest search;
  qat::TrainSettings training{.epochs = 4, .learning_rate = 5e-4};
  std::vector<std::uint64_t> seeds{1, 2, 3};
  std::size_t candidates = 2;
  int jobs = 2;
};

std::string command_of(const Request& request) {
  const SearchRequest& search = request.search;
  std::string text =
      fmt::format("bitmason-train compare {} --data {} --part {}", search.network.file.filename().string(),
                  search.data.filename().string(), search.part);
  if (search.network.pixel) text += fmt::format(" --pixel {}", *search.network.pixel);
  text += search.uniform ? " --uniform-budgets"
                         : fmt::format(" --intervals {}", fmt::join(search.intervals, ","));
  return text + fmt::format(
                    " --weights-set {}-{} --activations-set {}-{} --images {} --holdout {} --epochs {} "
                    "--learning-rate {} --batch {} --seeds {} --candidates {}",
                    search.weights.first, search.weights.second, search.activations.first,
                    search.activations.second, search.images, search.holdout, request.training.epochs,
                    request.training.learning_rate, request.training.batch, fmt::join(request.seeds, ","),
                    request.candidates);
}

/// What the figures belong to.
std::string notes(const Request& request, const SearchSetup& setup) {
  const nlohmann::ordered_json json{{"network", setup.graph.name},
                                    {"data", request.search.data.filename().string()},
                                    {"part", request.search.part},
                                    {"epochs", request.training.epochs},
                                    {"images",
                                     {{"train", setup.data.train.count()},
                                      {"held_out", setup.data.holdout.count()},
                                      {"test", setup.data.test.count()}}},
                                    {"command", command_of(request)}};
  return json_text(json);
}

Diagnostics run(const Request& request) {
  const auto setup = set_up(request.search);
  if (!setup) return setup.errors();
  TrainedAccuracy trained(request.search, **setup, request.training);
  search::StoredAccuracy accuracy(trained, search::TrialStore(request.search.out / "trials"), request.jobs);
  const search::ComparisonOptions options{.network = (*setup)->graph.name,
                                          .training = trained.training(),
                                          .seeds = request.seeds,
                                          .candidates = request.candidates};
  const auto contests = search::compare((*setup)->problem(), accuracy, options,
                                        [](const std::string& text) { fmt::print(stderr, "{}\n", text); });
  if (!contests) return contests.errors();
  const auto json = search::to_json(*contests, options, notes(request, **setup)) + "\n";
  if (const auto status = write_file(request.search.out / "comparison.json", json); !status)
    return status.errors();
  fmt::print("{}", request.search.json ? json : search::to_table(*contests));
  return {};
}

}  // namespace

void add_compare(CLI::App& app, Action& chosen) {
  auto* verb = app.add_subcommand(
      "compare", "search, and train what is found beside the best uniform bits of the same interval");
  auto request = std::make_shared<Request>();
  const auto required = add_search_options(*verb, request->search);
  verb->add_option("--epochs", request->training.epochs, "of every trial, from the float weights")
      ->capture_default_str();
  verb->add_option("--learning-rate", request->training.learning_rate)->capture_default_str();
  verb->add_option("--batch", request->training.batch)->capture_default_str();
  verb->add_option("--seeds", request->seeds, "of the trials; candidates are trained with the first")
      ->delimiter(',')
      ->capture_default_str();
  verb->add_option("--candidates", request->candidates, "of each side and interval")
      ->check(CLI::Range(1, 16))
      ->capture_default_str();
  verb->add_option("--jobs", request->jobs, "trials side by side, one thread each")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  verb->footer(
      "Finished trials are kept in OUT/trials, networks in OUT/networks; a restart goes on.\n"
      "Example: bitmason-train compare float.onnx --uniform-budgets --out compared");
  verb->callback([&chosen, request, required] {
    required();
    chosen = [request] { return run(*request); };
  });
}

}  // namespace bitmason::train_cli
