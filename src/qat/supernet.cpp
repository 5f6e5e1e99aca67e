#include "qat/supernet.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <set>

#include "base/file.hpp"
#include "qat/calibration.hpp"
#include "qat/diagnostics.hpp"
#include "qat/fingerprint.hpp"
#include "qat/recipe.hpp"
#include "qat/torch_batches_internal.hpp"
#include "qat/torch_checkpoint_internal.hpp"
#include "qat/torch_loss_internal.hpp"
#include "qat/torch_open_widths_internal.hpp"
#include "qat/torch_optimiser_internal.hpp"
#include "qat/torch_threads.hpp"

namespace bitmason::qat {
namespace {

constexpr int kImageBits = 8;

std::string text_of(const std::vector<std::vector<double>>& rows) {
  return fmt::format("{}", rows);
}

/// Fingerprint of what decides the result.
std::string run_name(const graph::Graph& graph, const data::ImageSet& images,
                     const SupernetOptions& options) {
  std::string text = to_json(options.settings) + fingerprint(graph, {&images}) + options.cost_name;
  text += fmt::format("{} {} {} {} {} {} {}", options.weights, options.activations, options.price,
                      options.rate, options.first_temperature, options.last_temperature, options.images);
  if (options.start) text += text_of(options.start->weights) + text_of(options.start->activations);
  return sha256_hex(text).substr(0, 16);
}

/// The float network in every width of the sets; the image keeps its own.
Result<ByWidth> quantised_in_all(const graph::Graph& graph, const data::ImageSet& images,
                                 const SupernetOptions& options) {
  std::set<int> widths{kImageBits};
  for (const auto* sets : {&options.weights, &options.activations}) {
    for (const auto& set : *sets) widths.insert(set.begin(), set.end());
  }
  const std::size_t layers = graph::weighted(graph).size();
  ByWidth by_width;
  for (const int width : widths) {
    graph::Bits bits{std::vector<int>(layers, width), std::vector<int>(layers, width)};
    bits.activations[0] = kImageBits;
    auto network = quantise(graph, images,
                            {.place = {.bits = std::move(bits), .per_channel = false},
                             .images = options.images,
                             .threads = options.settings.threads});
    if (!network) return network.errors();
    by_width.emplace(width, *std::move(network));
  }
  return by_width;
}

std::vector<Parameter> joined(std::vector<Parameter> a, const std::vector<Parameter>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// One run: the mixed model, its optimisers and where it stands.
class Run {
 public:
  Run(const graph::Graph& widest, OpenWidths open, const data::ImageSet& images,
      const SupernetOptions& options, std::string name)
      : images_(images),
        options_(options),
        open_(std::move(open)),
        model_(widest),
        objective_(widest, images, {}),
        optimiser_(joined(model_.parameters(), open_.steps()), options.settings.optimiser),
        chooser_(open_.logits(), {}),
        name_(std::move(name)) {
    open_.place_in(model_);
    if (options.start) open_.set_logits(*options.start);
  }

  Result<WidthLogits> train() {
    if (const auto status = load(); !status) return status.errors();
    started_ = saved_ = std::chrono::steady_clock::now();
    first_ = optimiser_.steps;
    while (optimiser_.steps < all_batches()) {
      const int epoch = static_cast<int>(optimiser_.steps / batches());
      const EpochBatches batches_of_epoch(images_, options_.settings, epoch + 1);
      for (auto k = optimiser_.steps - epoch * batches(); k < batches(); ++k) {
        if (const auto status = train_batch(batches_of_epoch.at(k), epoch); !status) return status.errors();
      }
    }
    if (const auto status = save(); !status) return status.errors();
    return open_.width_logits();
  }

 private:
  [[nodiscard]] std::int64_t batches() const { return batches_of(images_.count(), options_.settings.batch); }
  [[nodiscard]] std::int64_t all_batches() const { return batches() * options_.settings.epochs; }

  [[nodiscard]] double temperature() const {
    const double part = static_cast<double>(optimiser_.steps) / static_cast<double>(all_batches());
    return options_.first_temperature *
           std::pow(options_.last_temperature / options_.first_temperature, part);
  }

  Status train_batch(const Batch& batch, int epoch) {
    const double now = temperature();
    open_.set_temperature(now);
    const auto outputs = model_.forward(batch.pixels, {.training = true});
    const auto loss = objective_.loss(outputs, batch.targets, {});
    loss.backward();
    const WidthCost cost = options_.cost(open_.width_logits(), now);
    open_.add_gradient(cost.gradient, cost.value > 1 ? options_.price : 0);
    optimiser_.step(learning_rate_after(optimiser_.steps, images_.count(), options_.settings));
    chooser_.step(options_.rate);
    const double value = loss.item<double>();
    if (!std::isfinite(value))
      return make_diagnostic(diagnostics::kDiverged, "supernet",
                             {std::to_string(optimiser_.steps), std::to_string(epoch + 1),
                              fmt::format("{}", options_.settings.learning_rate)});
    mean_loss_ = mean_loss_ == 0 ? value : 0.98 * mean_loss_ + 0.02 * value;
    report(epoch, cost.value, now);
    if (std::chrono::steady_clock::now() - saved_ < options_.checkpoint_every) return success();
    return save();
  }

  [[nodiscard]] std::vector<at::Tensor> state() const {
    auto all = model_.state();
    for (const auto& parameter : joined(open_.steps(), open_.logits())) all.push_back(parameter.tensor);
    for (const auto* optimiser : {&optimiser_, &chooser_}) {
      const auto moments = optimiser->state();
      all.insert(all.end(), moments.begin(), moments.end());
    }
    return all;
  }

  Status load() {
    std::error_code none;
    if (options_.checkpoint.empty() || !std::filesystem::exists(options_.checkpoint, none)) return success();
    const auto saved = read_checkpoint(options_.checkpoint, name_);
    if (!saved) return saved.errors();
    if (saved->steps < 0 || saved->steps > all_batches() || !restore(state(), saved->tensors))
      return make_diagnostic(diagnostics::kCheckpointBroken, options_.checkpoint.string(),
                             {"other tensors or epochs"});
    optimiser_.steps = chooser_.steps = saved->steps;
    return success();
  }

  Status save() {
    saved_ = std::chrono::steady_clock::now();
    if (options_.checkpoint.empty()) return success();
    return write_checkpoint(options_.checkpoint,
                            {name_, optimiser_.steps / batches(), optimiser_.steps, state()});
  }

  void report(int epoch, double cost, double now) {
    const auto time = std::chrono::steady_clock::now();
    if (time - reported_ < std::chrono::seconds(1) && optimiser_.steps < all_batches()) return;
    reported_ = time;
    const std::chrono::duration<double> spent = time - started_;
    const auto done = static_cast<double>(optimiser_.steps - first_);
    const double each = spent.count() / done;
    options_.progress(
        {.training = {.epoch = epoch + 1,
                      .epochs = options_.settings.epochs,
                      .image = (optimiser_.steps - epoch * batches()) * options_.settings.batch,
                      .images = static_cast<std::int64_t>(images_.count()),
                      .loss = mean_loss_,
                      .images_per_second = options_.settings.batch / each,
                      .seconds_left = each * static_cast<double>(all_batches() - optimiser_.steps)},
         .cost = cost,
         .temperature = now});
  }

  const data::ImageSet& images_;
  const SupernetOptions& options_;
  OpenWidths open_;
  TorchModel model_;
  Objective objective_;
  Optimiser optimiser_;
  Optimiser chooser_;  ///< of the logits
  std::string name_;
  std::int64_t first_ = 0;  ///< batches before this call
  double mean_loss_ = 0;    ///< of about the last 50 batches
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point saved_;
  std::chrono::steady_clock::time_point reported_;
};

}  // namespace

Result<WidthLogits> train_supernet(const graph::Graph& graph, const data::ImageSet& images,
                                   const SupernetOptions& options) {
  if (const auto status = check_settings(options.settings); !status) return status.errors();
  if (const auto status = check_images(graph, images); !status) return status.errors();
  set_threads(options.settings.threads);
  const auto by_width = quantised_in_all(graph, images, options);
  if (!by_width) return by_width.errors();
  auto open = OpenWidths::open(*by_width, options.weights, options.activations);
  if (!open) return open.errors();
  return Run(by_width->rbegin()->second, *std::move(open), images, options, run_name(graph, images, options))
      .train();
}

}  // namespace bitmason::qat
