#include "qat/box_head.hpp"

#include <algorithm>
#include <cmath>

#include "data/image_set.hpp"
#include "qat/diagnostics.hpp"

namespace bitmason::qat {

namespace {

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

}  // namespace

std::vector<double> BoxHead::confidences(std::span<const double> outputs) const {
  std::vector<double> sums(cells(), 0);
  for (int anchor = 0; anchor < anchors; ++anchor) {
    const auto field = outputs.subspan(static_cast<std::size_t>(anchor * kFields + kConfidence) * cells());
    for (std::size_t cell = 0; cell < cells(); ++cell) sums[cell] += field[cell];
  }
  return sums;
}

data::Box BoxHead::box_of(std::span<const double> outputs) const {
  const auto sums = confidences(outputs);
  const auto cell = static_cast<std::size_t>(std::ranges::max_element(sums) - sums.begin());
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  for (int anchor = 0; anchor < anchors; ++anchor) {
    const auto field = [&](int which) {
      return outputs[static_cast<std::size_t>(anchor * kFields + which) * cells() + cell];
    };
    x += sigmoid(field(0)) / anchors;
    y += sigmoid(field(1)) / anchors;
    width += std::exp(field(2)) / anchors;
    height += std::exp(field(3)) / anchors;
  }
  x = (x + static_cast<double>(cell % static_cast<std::size_t>(columns))) * cell_width;
  y = (y + static_cast<double>(cell / static_cast<std::size_t>(columns))) * cell_height;
  width *= kPriorCells * cell_width;
  height *= kPriorCells * cell_height;
  return {x - width / 2, x + width / 2, y - height / 2, y + height / 2};
}

Result<BoxHead> box_head(const graph::Graph& graph) {
  const auto shapes = graph::shapes(graph);
  if (!shapes) return shapes.errors();
  const ir::Shape& output = shapes->back();
  if (output.channels % BoxHead::kFields != 0) {
    return make_diagnostic(
        diagnostics::kNoAnchors, graph.steps.back().name,
        {data::text_of({output.channels, output.height, output.width}), std::to_string(BoxHead::kFields)});
  }
  return BoxHead{.anchors = output.channels / BoxHead::kFields,
                 .rows = output.height,
                 .columns = output.width,
                 .cell_height = static_cast<double>(graph.input.height) / output.height,
                 .cell_width = static_cast<double>(graph.input.width) / output.width};
}

}  // namespace bitmason::qat
