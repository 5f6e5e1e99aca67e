#include "supernet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "qat/supernet.hpp"
#include "search/discretise.hpp"
#include "search/local_search.hpp"

namespace bitmason::train_cli {
namespace {

/// Logit of the widths where the exact search's choice starts, beside 0 of the others: at the first
/// temperature a choice among seven widths is then made with a probability of two thirds.
constexpr double kHead = 2.5;

std::vector<std::vector<double>> headed(const std::vector<std::vector<int>>& sets,
                                        const std::vector<int>& bits) {
  std::vector<std::vector<double>> logits;
  for (std::size_t layer = 0; layer < sets.size(); ++layer) {
    auto& row = logits.emplace_back();
    for (const int width : sets[layer]) row.push_back(width == bits[layer] ? kHead : 0);
  }
  return logits;
}

/// Expected share of the part times cycles over the interval.
qat::WidthCostFunction cost_of(const search::Surrogate& surrogate, std::int64_t interval) {
  return [&surrogate, interval](const qat::WidthLogits& logits, double temperature) {
    auto smooth = surrogate.interval({logits.weights, logits.activations}, temperature);
    const auto unit = static_cast<double>(interval);
    for (auto* rows : {&smooth.gradient.weights, &smooth.gradient.activations}) {
      for (auto& row : *rows) {
        for (double& derivative : row) derivative /= unit;
      }
    }
    return qat::WidthCost{smooth.value / unit, {smooth.gradient.weights, smooth.gradient.activations}};
  };
}

void show(std::int64_t interval, const qat::SupernetProgress& progress) {
  const auto& training = progress.training;
  fmt::print(stderr,
             "\rsupernet of {} cycles: epoch {}/{}, image {}/{}, loss {:.4f}, cost {:.3f}, {:.0f} images/s, "
             "{:.0f} s left ",
             interval, training.epoch, training.epochs, std::min(training.image, training.images),
             training.images, training.loss, progress.cost, training.images_per_second,
             training.seconds_left);
  if (training.seconds_left == 0) fmt::print(stderr, "\n");
}

/// One training per interval.
Result<std::optional<search::Found>> searched(const SearchRequest& request, const SupernetRequest& supernet,
                                              const SearchSetup& setup, const search::Problem& problem,
                                              std::int64_t interval) {
  const search::Surrogate surrogate(problem.blueprint, problem.tables, problem.widths, problem.target.budget,
                                    interval);
  const auto images = setup.data.train.slice(0, std::min(supernet.images, setup.data.train.count()));
  qat::SupernetOptions options{
      .settings = {.epochs = supernet.epochs,
                   .learning_rate = supernet.learning_rate,
                   .seed = supernet.seed,
                   .threads = request.threads},
      .weights = problem.widths.weights,
      .activations = problem.widths.activations,
      .cost = cost_of(surrogate, interval),
      .cost_name = fmt::format("{} cycles on {}", interval, request.part),
      .images = request.images,
      .checkpoint = request.out / "supernets" / fmt::format("{}-seed{}.checkpoint", interval, supernet.seed),
      .progress = [interval](const qat::SupernetProgress& progress) { show(interval, progress); }};
  if (const auto start = search::exact_search(problem, interval)) {
    options.start = qat::WidthLogits{headed(problem.widths.weights, start->bits.weights),
                                     headed(problem.widths.activations, start->bits.activations)};
  }
  const auto logits = qat::train_supernet(setup.graph, images, options);
  if (!logits) return logits.errors();
  const auto found = search::discretise(problem, {logits->weights, logits->activations}, interval);
  if (!found) return std::optional<search::Found>();
  return std::optional(search::local_search(problem, *found, interval, {.swaps = false}));
}

}  // namespace

search::Engine supernet_engine(const SearchRequest& request, const SupernetRequest& supernet,
                               const SearchSetup& setup) {
  return {
      .name = "supernet",
      .search = [&](const search::Problem& problem,
                    std::int64_t interval) { return searched(request, supernet, setup, problem, interval); },
      .settings = fmt::format("{} epochs of {} images at {}, seed {}", supernet.epochs, supernet.images,
                              supernet.learning_rate, supernet.seed)};
}

}  // namespace bitmason::train_cli
