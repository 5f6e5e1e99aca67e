#pragma once

#include <span>
#include <vector>

#include "base/result.hpp"
#include "data/box.hpp"
#include "graph/graph.hpp"

/// Where the one object of an image is, as UltraNet and its like of the contest DAC-SDC say it.
namespace bitmason::qat {

/// Of outputs (anchors * kFields, rows, columns), row-major. A cell of the grid covers an equal part of the
/// image. The cell whose anchors' confidences add up to most has the object; its box lies around
/// (column + sigmoid(x), row + sigmoid(y)) cells and is kPriorCells exp(w) by kPriorCells exp(h) cells large,
/// where each term is the mean over the anchors (Zhang et al., UltraNet, DAC-SDC 2020).
struct BoxHead {
  /// x, y, w, h, confidence, and a class that is not used.
  static constexpr int kFields = 6;
  static constexpr int kConfidence = 4;
  /// UltraNet's: 20 pixels, of cells of 16.
  static constexpr double kPriorCells = 1.25;

  int anchors = 1;
  int rows = 1;
  int columns = 1;
  double cell_height = 1;  ///< pixels
  double cell_width = 1;

  [[nodiscard]] std::size_t cells() const {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  }
  /// The anchors' sum for each cell. Precondition: real outputs of one image.
  [[nodiscard]] std::vector<double> confidences(std::span<const double> outputs) const;
  /// In pixels of the image; it may reach beyond its edges. Precondition: real outputs of one image.
  [[nodiscard]] data::Box box_of(std::span<const double> outputs) const;
};

/// Errors: BM-GRAPH-001, 002; BM-QAT-051 where the outputs are no fields of anchors.
Result<BoxHead> box_head(const graph::Graph& graph);

}  // namespace bitmason::qat
