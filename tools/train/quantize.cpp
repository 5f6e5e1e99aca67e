#include <fmt/format.h>

#include <memory>

#include "graph/write.hpp"
#include "qat/calibration.hpp"
#include "qat/integer_evaluation.hpp"
#include "verbs.hpp"

namespace bitmason::train_cli {
namespace {

struct Request {
  NetworkRequest network;
  DataRequest data;
  std::filesystem::path out;
  std::size_t images = 512;
  int threads = 2;
};

Diagnostics run(const Request& request) {
  const auto graph = read_network(request.network);
  if (!graph) return graph.errors();
  const auto place = place_options(request.network, *graph);
  if (!place) return place.errors();
  const auto data = open_data(request.data, graph->input);
  if (!data) return data.errors();
  const auto quantised = qat::quantise(
      *graph, data->train, {.place = *place, .images = request.images, .threads = request.threads});
  if (!quantised) return quantised.errors();
  if (const auto status = onnxio::write_model(request.out, graph::to_onnx(*quantised)); !status)
    return status.errors();
  const auto before = qat::accuracy(graph::without_quantisers(*graph), data->holdout, request.threads);
  const auto after = qat::accuracy(*quantised, data->holdout, request.threads);
  if (!before || !after) return before ? after.errors() : before.errors();
  fmt::print("wrote {}; {} by integer codes, {:.2f} % in float\n", request.out.string(),
             score_text(*after, data->holdout, "held-out images"), 100 * *before);
  return {};
}

}  // namespace

void add_quantize(CLI::App& app, Action& chosen) {
  auto* verb = app.add_subcommand("quantize", "quantise a network without training, in given bits");
  auto request = std::make_shared<Request>();
  verb->add_option("network", request->network.file, "float ONNX or QONNX file")->required();
  add_network_options(*verb, request->network);
  add_bits_options(*verb, request->network);
  add_data_options(*verb, request->data);
  verb->add_option("--images", request->images, "training images on which ranges are searched")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  verb->add_option("--out", request->out, "QONNX file to write")->required();
  verb->add_option("--threads", request->threads)->capture_default_str();
  verb->footer("Example: bitmason-train quantize float.onnx --weights 8 --activations 8 --out int8.onnx");
  verb->callback([&chosen, request] { chosen = [request] { return run(*request); }; });
}

}  // namespace bitmason::train_cli
