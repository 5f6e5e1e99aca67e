#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "import/import.hpp"
#include "qat/agreement.hpp"
#include "qat/integer_evaluation.hpp"
#include "qat/trainer.hpp"
#include "verbs.hpp"

namespace bitmason::train_cli {
namespace {

struct Request {
  NetworkRequest network;
  DataRequest data;
  std::size_t frames = 10000;
  int threads = 2;
};

Diagnostics run(const Request& request) {
  const auto model = onnxio::read_model(request.network.file);
  if (!model) return model.errors();
  const auto graph = read_network(request.network);
  if (!graph) return graph.errors();
  const auto imported = import::import_onnx(*model, {});
  if (!imported) return imported.errors();
  const auto data = open_data(request.data, graph->input);
  if (!data) return data.errors();
  const auto images = data->test.slice(0, std::min(request.frames, data->test.count()));
  if (const auto status = qat::check_images(*graph, images); !status) return status.errors();
  const ir::Shape output = graph::shapes(*graph)->back();
  const auto own = qat::evaluate(*graph, images, {.threads = request.threads});
  if (!own) return own.errors();
  const qat::Evaluation simulated{
      qat::simulated_codes(*graph, imported->network, images, request.threads), own->units, {}};
  const auto where = request.network.file.string();
  const auto agreement =
      qat::compare_codes(own->output, simulated.output, static_cast<int>(output.elements()));
  if (simulated.output.size() != own->output.size()) return qat::require_equal(agreement, where).errors();
  const double score = qat::score(*graph, images, qat::real_outputs(simulated, output));
  fmt::print(
      "{} by the integer simulator; {} of {} output codes and {} images' largest differ from the "
      "trainer's\n",
      score_text(score, images, fmt::format("{} test images", images.count())), agreement.different,
      agreement.codes, agreement.classes_different);
  if (auto agreed = qat::require_equal(agreement, where); !agreed) return agreed.errors();
  return {};
}

}  // namespace

void add_check(CLI::App& app, Action& chosen) {
  auto* verb = app.add_subcommand(
      "check", "import the file, simulate test images and compare with the trainer's codes, code by code");
  auto request = std::make_shared<Request>();
  verb->add_option("network", request->network.file, "QONNX file")->required();
  add_data_options(*verb, request->data);
  verb->add_option("--frames", request->frames, "test images, from the first")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  verb->add_option("--threads", request->threads)->capture_default_str();
  verb->footer("Example: bitmason-train check examples/fashion_mnist/fashion_mnist.onnx");
  verb->callback([&chosen, request] { chosen = [request] { return run(*request); }; });
}

}  // namespace bitmason::train_cli
