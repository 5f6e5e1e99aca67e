#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "data/mnist.hpp"
#include "import/import.hpp"
#include "qat/agreement.hpp"
#include "qat/integer_evaluation.hpp"
#include "qat/qonnx.hpp"
#include "sim/engine.hpp"
#include "verbs.hpp"

namespace bitmason::train_cli {
namespace {

/// Stands for a value between codes, which equals no logit.
constexpr std::int64_t kNoCode = std::numeric_limits<std::int64_t>::min();

struct Request {
  std::filesystem::path network;
  std::filesystem::path data = kDefaultData;
  std::size_t frames = 10000;
  int threads = 2;
};

/// Logit codes of every image by the imported network, in the order of qat::logit_codes: the file's output
/// values in units of `scale`, a power of two, so the division is exact. Import may leave the bias to the
/// host, so the accelerator's own codes need not be the logits.
std::vector<std::int64_t> simulated_codes(const ir::Network& network, const data::ImageSet& images,
                                          double scale, int threads) {
  sim::Engine engine(network, {.threads = threads});
  const auto& port = network.outputs()[0];
  std::vector<sim::Codes> frames;
  for (std::size_t i = 0; i < images.count(); ++i) {
    const auto pixels = images.image(i);
    const std::vector<sim::Codes> frame{{pixels.begin(), pixels.end()}};
    frames.push_back(engine.run(frame)[static_cast<std::size_t>(port.layer)]);
  }
  const auto values = sim::dequantise_output(network, port, frames);
  std::vector<std::int64_t> codes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double code = values.real(i) / scale;
    codes.push_back(code == std::nearbyint(code) ? std::llround(code) : kNoCode);
  }
  return codes;
}

double logit_scale(const qat::TrainedNetwork& network) {
  const auto& dense = std::get<qat::TrainedDense>(network.layers.back());
  return double{dense.weights.scales[0]} * double{dense.input_scale};
}

Diagnostics run(const Request& request) {
  const auto model = onnxio::read_model(request.network);
  if (!model) return model.errors();
  const auto trained = qat::from_qonnx(*model, request.network.string());
  if (!trained) return trained.errors();
  const auto imported = import::import_onnx(*model, {});
  if (!imported) return imported.errors();
  const auto split = data::read_mnist_folder(request.data, kDefaultHoldout);
  if (!split) return split.errors();
  const auto images = split->test.slice(0, std::min(request.frames, split->test.count()));
  const int classes = qat::classes_of(qat::spec_of(*trained));
  const auto own = qat::logit_codes(*trained, images, request.threads);
  const auto simulated = simulated_codes(imported->network, images, logit_scale(*trained), request.threads);
  const auto agreement = qat::compare_codes(own, simulated, classes);
  if (simulated.size() != own.size()) return qat::require_equal(agreement, request.network.string()).errors();
  std::size_t right = 0;
  const auto best = qat::predicted_classes(simulated, classes);
  for (std::size_t i = 0; i < best.size(); ++i) right += best[i] == images.labels[i] ? 1U : 0U;
  fmt::print(
      "{} test images: {} right ({:.2f} %) by the integer simulator; {} of {} logit codes and {} "
      "classes differ from the trainer's\n",
      images.count(), right, 100 * static_cast<double>(right) / static_cast<double>(images.count()),
      agreement.different, agreement.codes, agreement.classes_different);
  if (auto agreed = qat::require_equal(agreement, request.network.string()); !agreed) return agreed.errors();
  return {};
}

}  // namespace

void add_check(CLI::App& app, Action& chosen) {
  auto* verb = app.add_subcommand(
      "check", "import the file, simulate test images and compare with the trainer's codes, code by code");
  auto request = std::make_shared<Request>();
  verb->add_option("network", request->network, "ONNX file that bitmason-train wrote")->required();
  verb->add_option("--data", request->data, "folder with the four gzip files of MNIST's format")
      ->capture_default_str();
  verb->add_option("--frames", request->frames, "test images, from the first")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  verb->add_option("--threads", request->threads)->capture_default_str();
  verb->footer("Example: bitmason-train check examples/fashion_mnist/fashion_mnist.onnx");
  verb->callback([&chosen, request] { chosen = [request] { return run(*request); }; });
}

}  // namespace bitmason::train_cli
