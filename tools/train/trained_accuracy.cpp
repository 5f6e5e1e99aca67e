#include "trained_accuracy.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "graph/write.hpp"
#include "qat/diagnostics.hpp"
#include "qat/fingerprint.hpp"
#include "qat/integer_evaluation.hpp"
#include "qat/recipe.hpp"

namespace bitmason::train_cli {
namespace {

std::string short_name(const search::Trial& trial) {
  return fmt::format("{}, seed {}", search::to_text(trial.bits), trial.seed);
}

/// A line after every epoch: trials that run side by side share the terminal.
std::function<bool(const qat::Progress&)> line_after_epochs(const search::Trial& trial) {
  return [name = short_name(trial)](const qat::Progress& progress) {
    if (progress.holdout_accuracy) {
      fmt::print(stderr, "  {}: epoch {}/{}, loss {:.4f}, held out {:.2f} %\n", name, progress.epoch,
                 progress.epochs, progress.loss, 100 * *progress.holdout_accuracy);
    }
    return true;
  };
}

}  // namespace

TrainedAccuracy::TrainedAccuracy(const SearchRequest& request, const SearchSetup& setup,
                                 qat::TrainSettings settings)
    : request_(request), setup_(setup), settings_(settings) {
  settings_.threads = 1;
  settings_.seed = 0;
  const auto& data = setup.data;
  training_ =
      fmt::format("{} {} images for ranges, network and data {}", qat::to_json(settings_), request.images,
                  qat::fingerprint(setup.graph, {&data.train, &data.holdout, &data.test}));
}

Result<search::Score> TrainedAccuracy::score(const search::Trial& trial) {
  const auto& data = setup_.data;
  const auto start = quantised(request_, setup_.graph, data.train, trial.bits, 1);
  if (!start) return start.errors();
  qat::TrainSettings settings = settings_;
  settings.seed = trial.seed;
  const std::string key = search::key_of(trial);
  const auto checkpoint = request_.out / "running" / (key + ".checkpoint");
  const auto network =
      qat::train(*start, data.train, data.holdout,
                 {.settings = settings, .checkpoint = checkpoint, .progress = line_after_epochs(trial)});
  if (!network && network.errors().front().code == qat::diagnostics::kDiverged.code) {
    fmt::print(stderr, "  {}: {}; counts as 0\n", short_name(trial), to_text(network.errors()));
    return search::Score{};
  }
  if (!network) return network.errors();
  const auto held_out = qat::accuracy(*network, data.holdout, 1);
  if (!held_out) return held_out.errors();
  const auto test = qat::accuracy(*network, data.test, 1);
  if (!test) return test.errors();
  if (const auto written =
          onnxio::write_model(request_.out / "networks" / (key + ".onnx"), graph::to_onnx(*network));
      !written)
    return written.errors();
  return search::Score{*held_out, *test};
}

}  // namespace bitmason::train_cli
