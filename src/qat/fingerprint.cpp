#include "qat/fingerprint.hpp"

#include <fmt/ranges.h>

#include "base/file.hpp"

namespace bitmason::qat {
namespace {

template <typename Values>
std::string hash_of(const Values& values) {
  return sha256_hex({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(*values.data())});
}

std::string text_of(const ir::Window& window) {
  return fmt::format(" {} {} {} {} {} {} {} {}", window.kernel_h, window.kernel_w, window.stride_h,
                     window.stride_w, window.pad_top, window.pad_left, window.pad_bottom, window.pad_right);
}

std::string text_of(const graph::WeightQuantiser& quantiser) {
  return fmt::format(" {} {} {}", quantiser.bits, quantiser.narrow, quantiser.per_channel) +
         hash_of(quantiser.scales);
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
    text += hash_of(weights->shape) + hash_of(weights->values) + hash_of(weights->bias) +
            text_of(weights->quantiser);
  }
  if (const auto* conv = std::get_if<graph::Conv>(&step.operation))
    text += text_of(conv->window) + fmt::format(" {}", conv->groups);
  if (const auto* pool = std::get_if<graph::MaxPool>(&step.operation)) text += text_of(pool->window);
  if (const auto* pool = std::get_if<graph::AveragePool>(&step.operation)) text += text_of(pool->window);
  if (const auto* deep = std::get_if<graph::SpaceToDepth>(&step.operation))
    text += fmt::format(" {}", deep->block);
  return text;
}

}  // namespace

std::string fingerprint(const graph::Graph& graph, std::initializer_list<const data::ImageSet*> sets) {
  const auto& in = graph.input;
  std::string text = fmt::format("{} {} {}x{}x{}", graph.name, graph.pixel, in.channels, in.height, in.width);
  for (const auto& step : graph.steps) text += text_of(step, graph.scales);
  for (const auto* set : sets) {
    text += hash_of(set->pixels) + hash_of(set->labels);
    if (!set->boxes.empty()) text += hash_of(set->boxes);
  }
  return sha256_hex(text);
}

}  // namespace bitmason::qat
