#include "qat/fingerprint.hpp"

#include <fmt/ranges.h>

#include "base/file.hpp"

namespace bitmason::qat {
namespace {

template <typename Values>
std::string hash_of(const Values& values) {
  return sha256_hex({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(*values.data())});
}

std::string text_of(const graph::Step& step, const std::vector<float>& scales) {
  std::string text =
      fmt::format(" {} {} {}", step.name, graph::kind_name(step.operation), fmt::join(step.inputs, ","));
  if (const auto* norm = std::get_if<graph::BatchNorm>(&step.operation)) {
    for (const auto* values : {&norm->gain, &norm->offset, &norm->mean, &norm->variance})
      text += hash_of(*values);
    text += fmt::format(" {}", norm->epsilon);
  }
  if (const auto* quantise = std::get_if<graph::Quantise>(&step.operation)) {
    text += fmt::format(" {} {} {} {}", quantise->bits, quantise->is_signed, quantise->scale,
                        scales[static_cast<std::size_t>(quantise->scale)]);
  }
  if (const auto* weights = step.weights()) {
    text += hash_of(weights->values) + hash_of(weights->bias) + hash_of(weights->quantiser.scales) +
            fmt::format(" {} {}", weights->quantiser.range().lo, weights->quantiser.range().hi);
  }
  return text;
}

}  // namespace

std::string fingerprint(const graph::Graph& graph, std::initializer_list<const data::ImageSet*> sets) {
  std::string text = fmt::format("{} {}", graph.name, graph.pixel);
  for (const auto& step : graph.steps) text += text_of(step, graph.scales);
  // Windows and groups show in the shapes.
  const auto shapes = graph::shapes(graph);
  for (const auto& shape : *shapes)
    text += fmt::format(" {}x{}x{}", shape.channels, shape.height, shape.width);
  for (const auto* set : sets) text += hash_of(set->pixels) + hash_of(set->labels);
  return sha256_hex(text);
}

}  // namespace bitmason::qat
