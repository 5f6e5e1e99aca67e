#include <fmt/format.h>

#include <memory>

#include "qat/integer_evaluation.hpp"
#include "verbs.hpp"

namespace bitmason::train_cli {
namespace {

struct Request {
  NetworkRequest network;
  DataRequest data;
  std::string set = "holdout";
  int threads = 2;
};

Diagnostics run(const Request& request) {
  const auto graph = read_network(request.network);
  if (!graph) return graph.errors();
  const auto data = open_data(request.data, graph->input);
  if (!data) return data.errors();
  const auto& images = request.set == "test"    ? data->test
                       : request.set == "train" ? data->train
                                                : data->holdout;
  const auto right = qat::accuracy(*graph, images, request.threads);
  if (!right) return right.errors();
  fmt::print("{}, {}\n",
             score_text(*right, images, fmt::format("{} images ({})", images.count(), request.set)),
             graph::is_quantised(*graph) ? "by the trainer's integer codes" : "in float");
  return {};
}

}  // namespace

void add_evaluate(CLI::App& app, Action& chosen) {
  auto* verb = app.add_subcommand(
      "evaluate",
      "accuracy of a network: by the trainer's integer codes where it is quantised, else in float");
  auto request = std::make_shared<Request>();
  verb->add_option("network", request->network.file, "ONNX or QONNX file")->required();
  add_network_options(*verb, request->network);
  add_data_options(*verb, request->data);
  verb->add_option("--set", request->set, "holdout, test or train")
      ->capture_default_str()
      ->check(CLI::IsMember({"holdout", "test", "train"}));
  verb->add_option("--threads", request->threads)->capture_default_str();
  verb->footer("Example: bitmason-train evaluate net.onnx --set test");
  verb->callback([&chosen, request] { chosen = [request] { return run(*request); }; });
}

}  // namespace bitmason::train_cli
