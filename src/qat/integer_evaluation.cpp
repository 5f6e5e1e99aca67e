#include "qat/integer_evaluation.hpp"

#include <algorithm>

#include "graph/write.hpp"
#include "qat/box_head.hpp"
#include "qat/diagnostics.hpp"
#include "qat/integer_network_internal.hpp"
#include "qat/torch_images_internal.hpp"
#include "qat/torch_model_internal.hpp"
#include "qat/torch_threads.hpp"
#include "qat/trainer.hpp"

namespace bitmason::qat {
namespace {

/// Images at a time: about so many elements in the widest value.
constexpr std::int64_t kElements = std::int64_t{1} << 24;

std::size_t batch_size(const std::vector<ir::Shape>& shapes) {
  std::int64_t most = 1;
  for (const auto& shape : shapes) most = std::max(most, shape.elements());
  return static_cast<std::size_t>(std::clamp<std::int64_t>(kElements / most, 1, 250));
}

void append(const at::Tensor& values, Codes& codes) {
  const auto integers = values.to(at::kLong).contiguous();
  const auto* data = integers.data_ptr<std::int64_t>();
  codes.insert(codes.end(), data, data + integers.numel());
}

/// Real outputs of every image.
std::vector<double> float_outputs(const graph::Graph& graph, const data::ImageSet& images,
                                  std::size_t batch) {
  const TorchModel model(graph);
  std::vector<double> outputs;
  for (std::size_t first = 0; first < images.count(); first += batch) {
    const auto count = std::min(batch, images.count() - first);
    const auto output = model.forward(pixels_of(images, first, count), {.quantised = false});
    const auto real = output.to(at::kDouble).contiguous();
    outputs.insert(outputs.end(), real.data_ptr<double>(), real.data_ptr<double>() + real.numel());
  }
  return outputs;
}

}  // namespace

Result<Evaluation> evaluate(const graph::Graph& graph, const data::ImageSet& images,
                            const EvaluateOptions& options) {
  const auto shapes = graph::shapes(graph);
  if (!shapes) return shapes.errors();
  if (const auto status = check_frames(graph, images); !status) return status.errors();
  const auto network = IntegerNetwork::create(graph);
  if (!network) return network.errors();
  set_threads(options.threads);
  const at::NoGradGuard no_gradients;
  Evaluation evaluation{.units = graph::output_units(graph)};
  const auto batch = batch_size(*shapes);
  for (std::size_t first = 0; first < images.count(); first += batch) {
    const auto values = network->run(pixels_of(images, first, std::min(batch, images.count() - first)));
    append(values.back(), evaluation.output);
    for (std::size_t i = 0; options.keep_activations && i < graph.steps.size(); ++i) {
      const auto& step = graph.steps[i];
      if (std::holds_alternative<graph::Quantise>(step.operation))
        append(values[i + 1], evaluation.activations[step.name]);
    }
  }
  return evaluation;
}

std::vector<int> predicted_classes(const Evaluation& evaluation, int classes) {
  std::vector<int> best;
  const auto& units = evaluation.units;
  for (auto row = evaluation.output.begin(); row != evaluation.output.end(); row += classes) {
    int largest = 0;
    const auto real = [&](int c) {
      return static_cast<double>(row[c]) * units[units.size() == 1 ? 0 : static_cast<std::size_t>(c)];
    };
    for (int c = 1; c < classes; ++c) largest = real(c) > real(largest) ? c : largest;
    best.push_back(largest);
  }
  return best;
}

std::vector<double> real_outputs(const Evaluation& evaluation, const ir::Shape& shape) {
  const auto& units = evaluation.units;
  const auto pixels = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  std::vector<double> outputs;
  outputs.reserve(evaluation.output.size());
  for (std::size_t k = 0; k < evaluation.output.size(); ++k) {
    const std::size_t channel = k / pixels % static_cast<std::size_t>(shape.channels);
    outputs.push_back(static_cast<double>(evaluation.output[k]) * units[units.size() == 1 ? 0 : channel]);
  }
  return outputs;
}

double score(const graph::Graph& graph, const data::ImageSet& images, std::span<const double> outputs) {
  const std::size_t each = outputs.size() / images.count();
  double sum = 0;
  if (images.boxes.empty()) {
    for (std::size_t i = 0; i < images.count(); ++i) {
      const auto own = outputs.subspan(i * each, each);
      sum += std::ranges::max_element(own) - own.begin() == images.labels[i] ? 1 : 0;
    }
  } else {
    const BoxHead head = *box_head(graph);
    for (std::size_t i = 0; i < images.count(); ++i)
      sum += data::iou(head.box_of(outputs.subspan(i * each, each)), images.boxes[i]);
  }
  return sum / static_cast<double>(images.count());
}

Result<double> accuracy(const graph::Graph& graph, const data::ImageSet& images, int threads) {
  if (const auto status = check_images(graph, images); !status) return status.errors();
  const auto shapes = *graph::shapes(graph);
  if (!graph::is_quantised(graph)) {
    set_threads(threads);
    const at::NoGradGuard no_gradients;
    return score(graph, images, float_outputs(graph, images, batch_size(shapes)));
  }
  const auto evaluation = evaluate(graph, images, {.threads = threads});
  if (!evaluation) return evaluation.errors();
  return score(graph, images, real_outputs(*evaluation, shapes.back()));
}

}  // namespace bitmason::qat
