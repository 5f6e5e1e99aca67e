#include "qat/torch_images_internal.hpp"

#include <fmt/format.h>

#include "qat/box_head.hpp"
#include "qat/diagnostics.hpp"
#include "qat/trainer.hpp"

namespace bitmason::qat {
at::Tensor pixels_of(const data::ImageSet& images, std::size_t first, std::size_t count) {
  const auto part = images.slice(first, count);
  const auto& shape = images.shape;
  return at::tensor(at::ArrayRef<std::uint8_t>(part.pixels), at::kByte)
      .reshape({static_cast<std::int64_t>(count), shape.channels, shape.height, shape.width})
      .to(at::kFloat);
}

Status check_frames(const graph::Graph& graph, const data::ImageSet& images) {
  const data::Shape wanted{graph.input.channels, graph.input.height, graph.input.width};
  if (images.shape == wanted) return success();
  return make_diagnostic(diagnostics::kInput, "input", {text_of(images.shape), text_of(wanted)});
}

Status check_images(const graph::Graph& graph, const data::ImageSet& images) {
  const auto shapes = graph::shapes(graph);
  if (!shapes) return shapes.errors();
  const ir::Shape& output = shapes->back();
  if (const auto status = check_frames(graph, images); !status) return status.errors();
  if (images.count() == 0) return make_diagnostic(diagnostics::kNoImages, "images");
  if (!images.boxes.empty()) {
    const auto head = box_head(graph);
    return head ? success() : Status(head.errors());
  }
  if (output.height * output.width != 1)
    return make_diagnostic(diagnostics::kNoClasses, graph.steps.back().name,
                           {data::text_of({output.channels, output.height, output.width})});
  for (std::size_t i = 0; i < images.labels.size(); ++i) {
    if (images.labels[i] >= output.channels)
      return make_diagnostic(
          diagnostics::kLabelRange, "labels",
          {std::to_string(images.labels[i]), std::to_string(i), std::to_string(output.channels)});
  }
  return success();
}

}  // namespace bitmason::qat
