#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "base/file.hpp"
#include "graph/initialise.hpp"
#include "graph/write.hpp"
#include "processes.hpp"
#include "qat/integer_evaluation.hpp"
#include "qat/learning_curve.hpp"
#include "qat/recipe.hpp"
#include "verbs.hpp"

namespace bitmason::train_cli {
namespace {

struct Request {
  NetworkRequest network;
  bool from_scratch = false;
  bool in_float = false;
  std::filesystem::path recipe;
  DataRequest data;
  std::filesystem::path out;
  std::filesystem::path checkpoint;
  std::optional<int> epochs;
  std::optional<int> batch;
  std::optional<double> learning_rate;
  std::optional<int> threads;
  std::optional<std::uint64_t> seed;
  std::optional<double> distillation;
  std::optional<double> temperature;
  std::filesystem::path teacher;
  std::filesystem::path curve;
};

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(seconds);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

/// One line that is written over, and one that stays per epoch.
void print_progress(const qat::Progress& progress) {
  fmt::print(stderr, "\repoch {}/{}  {:3.0f} %  loss {:.4f}  accuracy {:.2f} %  {:.0f} images/s  {} left ",
             progress.epoch, progress.epochs,
             100 * static_cast<double>(progress.image) / static_cast<double>(progress.images), progress.loss,
             100 * progress.train_accuracy, progress.images_per_second, clock_text(progress.seconds_left));
  if (progress.holdout_accuracy) fmt::print(stderr, " held out {:.2f} %\n", 100 * *progress.holdout_accuracy);
  std::fflush(stderr);
}

/// The recipe, or the defaults, with what the command line says instead.
Result<qat::Recipe> recipe_of(const Request& request) {
  qat::Recipe recipe;
  if (!request.recipe.empty()) {
    const auto text = read_file(request.recipe);
    if (!text) return text.errors();
    auto parsed = qat::parse_recipe(*text, request.recipe.string());
    if (!parsed) return parsed.errors();
    recipe = *std::move(parsed);
  }
  auto& training = recipe.training;
  training.epochs = request.epochs.value_or(training.epochs);
  training.batch = request.batch.value_or(training.batch);
  training.learning_rate = request.learning_rate.value_or(training.learning_rate);
  training.threads = request.threads.value_or(training.threads);
  training.seed = request.seed.value_or(training.seed);
  training.distillation.share = request.distillation.value_or(training.distillation.share);
  training.distillation.temperature = request.temperature.value_or(training.distillation.temperature);
  return recipe;
}

/// The network of the file, or the one that the recipe describes, with or without quantisers.
Result<graph::Graph> network_of(const Request& request, const qat::Recipe& recipe) {
  if (request.network.file.empty()) {
    if (const auto chain = qat::output_shapes(recipe.network); !chain) return chain.errors();
    return qat::to_graph(recipe.network, recipe.training.seed);
  }
  auto graph = read_network(request.network);
  if (!graph) return graph.errors();
  if (request.from_scratch) graph = graph::he_initialised(*std::move(graph), recipe.training.seed);
  if (request.in_float) return graph::without_quantisers(*graph);
  const auto place = place_options(request.network, *graph);
  if (!place) return place.errors();
  return graph::place(*graph, *place);
}

/// What is distilled, in float: the teacher's file, else the network's own.
Result<std::shared_ptr<const graph::Graph>> teacher_of(const Request& request, const qat::Recipe& recipe) {
  if (recipe.training.distillation.share == 0) return std::shared_ptr<const graph::Graph>();
  NetworkRequest file = request.network;
  if (!request.teacher.empty()) file.file = request.teacher;
  if (file.file.empty()) return std::shared_ptr<const graph::Graph>();
  const auto graph = read_network(file);
  if (!graph) return graph.errors();
  return std::make_shared<const graph::Graph>(graph::without_quantisers(*graph));
}

Diagnostics run(const Request& request) {
  const auto recipe = recipe_of(request);
  if (!recipe) return recipe.errors();
  const auto graph = network_of(request, *recipe);
  if (!graph) return graph.errors();
  const auto data = open_data(request.data, graph->input);
  if (!data) return data.errors();
  const auto size = graph::size_of(*graph);
  if (processes().first())
    fmt::print(stderr, "{}: {} weights, {} MACs; {} images to train on, {} held out\n", graph->name,
               size.weights, size.macs, data->train.count(), data->holdout.count());
  const auto teacher = teacher_of(request, *recipe);
  if (!teacher) return teacher.errors();
  auto curve = qat::LearningCurve::open(request.curve);
  if (!curve) return curve.errors();
  Status kept = success();
  const auto progress = [&](const qat::Progress& where) {
    print_progress(where);
    kept = curve->add(where);
    return static_cast<bool>(kept);
  };
  const Processes all = processes();
  const auto network = qat::train(*graph, data->train, data->holdout,
                                  {.settings = recipe->training,
                                   .teacher = *teacher,
                                   .checkpoint = request.checkpoint,
                                   .workers = {.rank = all.rank,
                                               .count = all.count,
                                               .meeting = request.out.string() + ".workers-" + all.job},
                                   .progress = progress});
  if (!kept) return kept.errors();
  if (!network) return network.errors();
  if (!all.first()) return {};
  if (const auto status = onnxio::write_model(request.out, graph::to_onnx(*network)); !status)
    return status.errors();
  const auto right = qat::accuracy(*network, data->holdout, recipe->training.threads);
  if (!right) return right.errors();
  fmt::print("wrote {}; {}, {}\n", request.out.string(), score_text(*right, data->holdout, "held-out images"),
             graph::is_quantised(*network) ? "by the trainer's integer codes" : "in float");
  return {};
}

void add_settings(CLI::App& verb, Request& request) {
  verb.add_option("--epochs", request.epochs, "instead of the recipe's");
  verb.add_option("--batch", request.batch, "instead of the recipe's");
  verb.add_option("--learning-rate", request.learning_rate, "instead of the recipe's");
  verb.add_option("--threads", request.threads, "instead of the recipe's; changes the result's last bits");
  verb.add_option("--seed", request.seed, "instead of the recipe's");
  auto* share = verb.add_option(
      "--distillation", request.distillation,
      "share of the loss that the float network's outputs decide, 0 to 1; instead of the recipe's");
  verb.add_option("--temperature", request.temperature, "of the distillation; instead of the recipe's");
  verb.add_option("--teacher", request.teacher, "network to distil; default: the file itself, in float")
      ->needs(share);
}

}  // namespace

void add_train(CLI::App& app, Action& chosen) {
  auto* verb = app.add_subcommand("train", "train the network of a file or a recipe and write it as QONNX");
  auto request = std::make_shared<Request>();
  auto* file = verb->add_option("network", request->network.file,
                                "float ONNX or QONNX file; else the recipe describes the network");
  auto* recipe = verb->add_option("--recipe", request->recipe, "JSON file of network and training settings");
  add_network_options(*verb, request->network);
  add_bits_options(*verb, request->network);
  verb->add_flag("--from-scratch", request->from_scratch, "draw new weights instead of the file's")
      ->needs(file);
  verb->add_flag("--float", request->in_float, "train without quantisers and write float ONNX")->needs(file);
  add_data_options(*verb, request->data);
  verb->add_option("--out", request->out, "ONNX file to write")->required();
  verb->add_option(
      "--checkpoint", request->checkpoint,
      "file that is written after each epoch and every five minutes, and continued from where it exists");
  verb->add_option("--curve", request->curve, "JSON file of loss and accuracies after each epoch");
  add_settings(*verb, *request);
  verb->footer(
      "Example: bitmason-train train --recipe examples/fashion_mnist/recipe.json --out net.onnx "
      "--checkpoint net.ckpt\n"
      "         bitmason-train train float.onnx --weights 4 --activations 8,4,4 --epochs 4 --out net.onnx\n"
      "         mpirun -np 4 bitmason-train train float.onnx --weights 4 --activations 4 --out net.onnx");
  verb->callback([&chosen, request, file, recipe] {
    if (file->empty() && recipe->empty()) throw CLI::RequiredError("network or --recipe");
    chosen = [request] { return run(*request); };
  });
}

}  // namespace bitmason::train_cli
