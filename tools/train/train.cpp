#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "base/file.hpp"
#include "data/mnist.hpp"
#include "qat/integer_evaluation.hpp"
#include "qat/qonnx.hpp"
#include "qat/recipe.hpp"
#include "verbs.hpp"

namespace bitmason::train_cli {
namespace {

struct Request {
  std::filesystem::path recipe;
  std::filesystem::path data = kDefaultData;
  std::filesystem::path out;
  std::filesystem::path checkpoint;
  int holdout = kDefaultHoldout;
  std::optional<int> epochs;
  std::optional<int> threads;
  std::optional<std::uint64_t> seed;
};

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(seconds);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

/// One line that is written over, and one that stays per epoch.
bool print_progress(const qat::Progress& progress) {
  fmt::print(stderr, "\repoch {}/{}  {:3.0f} %  loss {:.4f}  accuracy {:.2f} %  {:.0f} images/s  {} left ",
             progress.epoch, progress.epochs,
             100 * static_cast<double>(progress.image) / static_cast<double>(progress.images), progress.loss,
             100 * progress.train_accuracy, progress.images_per_second, clock_text(progress.seconds_left));
  if (progress.holdout_accuracy) fmt::print(stderr, " held out {:.2f} %\n", 100 * *progress.holdout_accuracy);
  std::fflush(stderr);
  return true;
}

Diagnostics run(const Request& request) {
  const auto text = read_file(request.recipe);
  if (!text) return text.errors();
  auto recipe = qat::parse_recipe(*text, request.recipe.string());
  if (!recipe) return recipe.errors();
  if (request.epochs) recipe->training.epochs = *request.epochs;
  if (request.threads) recipe->training.threads = *request.threads;
  if (request.seed) recipe->training.seed = *request.seed;
  const auto split = data::read_mnist_folder(request.data, request.holdout);
  if (!split) return split.errors();
  const auto size = qat::size_of(recipe->network);
  fmt::print(stderr, "{}: {} weights, {} MACs; {} images to train on, {} held out\n", recipe->network.name,
             size.weights, size.macs, split->train.count(), split->holdout.count());
  const auto network = qat::train(
      recipe->network, split->train, split->holdout,
      {.settings = recipe->training, .checkpoint = request.checkpoint, .progress = print_progress});
  if (!network) return network.errors();
  if (const auto status = onnxio::write_model(request.out, qat::to_qonnx(*network)); !status)
    return status.errors();
  fmt::print("wrote {}; {:.2f} % of the held-out images right, by the trainer's integer codes\n",
             request.out.string(), 100 * qat::accuracy(*network, split->holdout, recipe->training.threads));
  return {};
}

}  // namespace

void add_train(CLI::App& app, Action& chosen) {
  auto* verb = app.add_subcommand("train", "train the network of a recipe and write it as QONNX");
  auto request = std::make_shared<Request>();
  verb->add_option("--recipe", request->recipe, "JSON file of network and training settings")->required();
  verb->add_option("--data", request->data, "folder with the four gzip files of MNIST's format")
      ->capture_default_str();
  verb->add_option("--out", request->out, "ONNX file to write")->required();
  verb->add_option("--checkpoint", request->checkpoint,
                   "file that is written after each epoch and continued from where it exists");
  verb->add_option("--holdout", request->holdout, "training images to choose settings on")
      ->capture_default_str();
  verb->add_option("--epochs", request->epochs, "instead of the recipe's");
  verb->add_option("--threads", request->threads, "instead of the recipe's; changes the result's last bits");
  verb->add_option("--seed", request->seed, "instead of the recipe's");
  verb->footer(
      "Example: bitmason-train train --recipe examples/fashion_mnist/recipe.json --out net.onnx "
      "--checkpoint net.ckpt");
  verb->callback([&chosen, request] { chosen = [request] { return run(*request); }; });
}

}  // namespace bitmason::train_cli
