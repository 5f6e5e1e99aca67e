#include <fmt/format.h>

#include <memory>

#include "data/mnist.hpp"
#include "qat/integer_evaluation.hpp"
#include "qat/qonnx.hpp"
#include "verbs.hpp"

namespace bitmason::train_cli {
namespace {

struct Request {
  std::filesystem::path network;
  std::filesystem::path data = kDefaultData;
  std::string set = "holdout";
  int holdout = kDefaultHoldout;
  int threads = 2;
};

Diagnostics run(const Request& request) {
  const auto model = onnxio::read_model(request.network);
  if (!model) return model.errors();
  const auto network = qat::from_qonnx(*model, request.network.string());
  if (!network) return network.errors();
  const auto split = data::read_mnist_folder(request.data, request.holdout);
  if (!split) return split.errors();
  const auto& images = request.set == "test"    ? split->test
                       : request.set == "train" ? split->train
                                                : split->holdout;
  fmt::print("{:.2f} % of {} images ({}) right, by the trainer's integer codes\n",
             100 * qat::accuracy(*network, images, request.threads), images.count(), request.set);
  return {};
}

}  // namespace

void add_evaluate(CLI::App& app, Action& chosen) {
  auto* verb =
      app.add_subcommand("evaluate", "accuracy of a trained network, by the trainer's integer codes");
  auto request = std::make_shared<Request>();
  verb->add_option("network", request->network, "ONNX file that bitmason-train wrote")->required();
  verb->add_option("--data", request->data, "folder with the four gzip files of MNIST's format")
      ->capture_default_str();
  verb->add_option("--set", request->set, "holdout, test or train")
      ->capture_default_str()
      ->check(CLI::IsMember({"holdout", "test", "train"}));
  verb->add_option("--holdout", request->holdout, "training images that were held out")
      ->capture_default_str();
  verb->add_option("--threads", request->threads)->capture_default_str();
  verb->footer("Example: bitmason-train evaluate net.onnx --set test");
  verb->callback([&chosen, request] { chosen = [request] { return run(*request); }; });
}

}  // namespace bitmason::train_cli
