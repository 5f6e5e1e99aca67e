#include "qat/trainer.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "base/file.hpp"
#include "qat/diagnostics.hpp"
#include "qat/fingerprint.hpp"
#include "qat/integer_evaluation.hpp"
#include "qat/recipe.hpp"
#include "qat/torch_batches_internal.hpp"
#include "qat/torch_checkpoint_internal.hpp"
#include "qat/torch_images_internal.hpp"
#include "qat/torch_loss_internal.hpp"
#include "qat/torch_model_internal.hpp"
#include "qat/torch_optimiser_internal.hpp"
#include "qat/torch_threads.hpp"
#include "qat/torch_workers_internal.hpp"

namespace bitmason::qat {
namespace {

/// Images from which the scales of activations start.
constexpr std::size_t kFirstImages = 256;

/// Fingerprint of what decides the result.
std::string run_name(const graph::Graph& graph, const data::ImageSet& images, const TrainOptions& options) {
  std::string text = to_json(options.settings) + fingerprint(graph, {&images});
  if (options.teacher) text += fingerprint(*options.teacher, {});
  if (options.workers.count > 1) text += fmt::format(" {} workers", options.workers.count);
  return sha256_hex(text).substr(0, 16);
}

/// One run of training: its model, its optimiser, and the clock of its progress.
class Run {
 public:
  Run(const graph::Graph& graph, const data::ImageSet& images, const data::ImageSet& holdout,
      const TrainOptions& options, Workers workers)
      : images_(images),
        holdout_(holdout),
        options_(options),
        workers_(std::move(workers)),
        quantised_(graph::is_quantised(graph)),
        model_(graph),
        objective_(graph, images, options.settings.distillation),
        optimiser_(model_.parameters(), options.settings.optimiser),
        name_(run_name(graph, images, options)) {
    if (settings().distillation.share > 0) teacher_.emplace(*options.teacher);
  }

  Result<graph::Graph> train() {
    if (quantised_) model_.initialise_scales(pixels_of(images_, 0, std::min(kFirstImages, images_.count())));
    if (const auto status = load(); !status) return status.errors();
    saved_ = started_ = std::chrono::steady_clock::now();
    first_epoch_ = epoch_;
    while (epoch_ < settings().epochs) {
      if (const auto status = train_epoch(); !status) return status.errors();
      ++epoch_;
      if (const auto status = save(); !status) return status.errors();
      const auto measured = accuracy(model_.trained(), holdout_, settings().threads);
      if (!measured) return measured.errors();
      progress_.holdout_accuracy = *measured;
      stopping_ |= !report();
      const auto stopped = mean(stopping_ ? 1 : 0);
      if (!stopped) return stopped.errors();
      const bool go_on = *stopped == 0;
      progress_.holdout_accuracy.reset();
      if (!go_on && epoch_ < settings().epochs)
        return make_diagnostic(diagnostics::kStopped, "training",
                               {std::to_string(epoch_), std::to_string(settings().epochs)});
    }
    return model_.trained();
  }

 private:
  [[nodiscard]] const TrainSettings& settings() const { return options_.settings; }
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(images_.count()); }

  [[nodiscard]] std::vector<at::Tensor> state() const {
    auto all = model_.state();
    const auto moments = optimiser_.state();
    all.insert(all.end(), moments.begin(), moments.end());
    return all;
  }

  Status load() {
    if (options_.checkpoint.empty() || !std::filesystem::exists(options_.checkpoint)) return success();
    const auto saved = read_checkpoint(options_.checkpoint, name_);
    if (!saved) return saved.errors();
    const std::int64_t least = saved->epoch * batches();
    if (saved->epoch < 0 || saved->epoch > settings().epochs || saved->steps < least ||
        saved->steps > least + batches() || !restore(state(), saved->tensors))
      return make_diagnostic(diagnostics::kCheckpointBroken, options_.checkpoint.string(),
                             {"other tensors or epochs"});
    epoch_ = static_cast<int>(saved->epoch);
    optimiser_.steps = saved->steps;
    return success();
  }

  [[nodiscard]] std::int64_t batches() const { return batches_of(images_.count(), settings().batch); }

  Status save() {
    saved_ = std::chrono::steady_clock::now();
    if (options_.checkpoint.empty() || options_.workers.rank > 0) return success();
    return write_checkpoint(options_.checkpoint, {name_, epoch_, optimiser_.steps, state()});
  }

  Status train_epoch() {
    const EpochBatches epoch(images_, settings(), epoch_ + 1);
    progress_ = {.epoch = epoch_ + 1, .epochs = settings().epochs, .images = count()};
    double loss_sum = 0;
    double right = 0;
    std::int64_t seen = 0;
    for (auto k = optimiser_.steps - epoch_ * batches(); k < batches(); ++k) {
      const Batch batch = epoch.at(k, options_.workers.rank, options_.workers.count);
      const auto size = batch.targets.size(0);
      const auto mean_loss = train_batch(batch, right);
      if (!mean_loss) return mean_loss.errors();
      const double loss = *mean_loss;
      if (!std::isfinite(loss))
        return make_diagnostic(diagnostics::kDiverged, "training",
                               {std::to_string(optimiser_.steps), std::to_string(epoch_ + 1),
                                fmt::format("{}", settings().learning_rate)});
      loss_sum += loss * static_cast<double>(size);
      seen += size;
      progress_.image = k * settings().batch + size * options_.workers.count;
      progress_.loss = loss_sum / static_cast<double>(seen);
      progress_.train_accuracy = right / static_cast<double>(seen);
      if (std::chrono::steady_clock::now() - saved_ >= options_.checkpoint_every) {
        if (const auto status = save(); !status) return status.errors();
      }
      if (std::chrono::steady_clock::now() - reported_ > std::chrono::seconds(1)) stopping_ |= !report();
    }
    return success();
  }

  /// Mean loss of the batch, before the step.
  Result<double> train_batch(const Batch& batch, double& right) {
    const auto outputs = model_.forward(batch.pixels, {.training = true, .quantised = quantised_});
    const auto loss = objective_.loss(outputs, batch.targets, taught(batch.pixels));
    loss.backward();
    auto mean_loss = loss.detach().reshape({1});
    if (const auto status = average(mean_loss); !status) return status.errors();
    optimiser_.step(learning_rate_after(optimiser_.steps, images_.count(), settings()));
    right += objective_.right(outputs, batch.targets);
    return mean_loss.item<double>();
  }

  /// Gradients, running statistics and the loss become the mean of all workers'.
  Status average(at::Tensor& loss) {
    std::vector<at::Tensor> shared{loss};
    for (const auto& [tensor, role] : model_.parameters()) {
      if (tensor.grad().defined()) shared.push_back(tensor.grad());
    }
    for (const auto& statistics : model_.statistics()) shared.push_back(statistics);
    return workers_.average(shared);
  }

  /// Of one number of each worker.
  Result<double> mean(double value) const {
    auto tensor = at::full({1}, value, at::kDouble);
    if (const auto status = workers_.average({tensor}); !status) return status.errors();
    return tensor.item<double>();
  }

  /// Outputs of the teacher; undefined without one.
  [[nodiscard]] at::Tensor taught(const at::Tensor& pixels) const {
    if (!teacher_) return {};
    const at::NoGradGuard constant;
    return teacher_->forward(pixels, {.quantised = false}).flatten(1);
  }

  bool report() {
    reported_ = std::chrono::steady_clock::now();
    const std::chrono::duration<double> spent = reported_ - started_;
    // Inside an epoch epoch_ counts the completed ones; after it, it already counts the one in progress_.
    const double done = static_cast<double>((progress_.epoch - 1 - first_epoch_) * count() + progress_.image);
    const double left =
        static_cast<double>(settings().epochs - first_epoch_) * static_cast<double>(count()) - done;
    progress_.images_per_second = done / std::max(1e-9, spent.count());
    progress_.seconds_left = left / std::max(1e-9, progress_.images_per_second);
    return options_.workers.rank > 0 || options_.progress(progress_);
  }

  const data::ImageSet& images_;
  const data::ImageSet& holdout_;
  const TrainOptions& options_;
  Workers workers_;
  bool quantised_ = false;
  TorchModel model_;
  std::optional<TorchModel> teacher_;
  Objective objective_;
  Optimiser optimiser_;
  std::string name_;
  int epoch_ = 0;  ///< completed
  int first_epoch_ = 0;
  bool stopping_ = false;
  Progress progress_;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point saved_;
  std::chrono::steady_clock::time_point reported_;
};

/// Precondition: shapes(graph).ok().
Status check_teacher(const graph::Graph& teacher, const graph::Graph& graph) {
  const auto shapes = graph::shapes(teacher);
  if (!shapes) return shapes.errors();
  const auto own = graph::shapes(graph);
  if (teacher.input == graph.input && shapes->back() == own->back()) return success();
  const auto text = [](const ir::Shape& shape) {
    return data::text_of({shape.channels, shape.height, shape.width});
  };
  return make_diagnostic(diagnostics::kTeacher, teacher.name,
                         {text(teacher.input), text(shapes->back()), text(graph.input), text(own->back())});
}

}  // namespace

Result<graph::Graph> train(const graph::Graph& graph, const data::ImageSet& images,
                           const data::ImageSet& holdout, const TrainOptions& options) {
  if (const auto status = check_settings(options.settings); !status) return status.errors();
  for (const auto* set : {&images, &holdout}) {
    if (const auto status = check_images(graph, *set); !status) return status.errors();
  }
  const double share = options.settings.distillation.share;
  if (share > 0 && !images.boxes.empty())
    return make_diagnostic(diagnostics::kBoxTeacher, "distillation", {fmt::format("{}", share)});
  if (share > 0 && !options.teacher) return make_diagnostic(diagnostics::kNoTeacher, "distillation");
  if (options.teacher) {
    if (const auto status = check_teacher(*options.teacher, graph); !status) return status.errors();
  }
  set_threads(options.settings.threads);
  const WorkerGroup& group = options.workers;
  if (group.count > 1 &&
      (options.settings.batch % group.count != 0 || options.settings.batch < 2 * group.count))
    return make_diagnostic(diagnostics::kBatchShare, "batch",
                           {std::to_string(options.settings.batch), std::to_string(group.count)});
  auto workers = Workers::meet(group);
  if (!workers) return workers.errors();
  return Run(graph, images, holdout, options, *std::move(workers)).train();
}

}  // namespace bitmason::qat
