#pragma once

#include <ATen/ATen.h>

#include "data/image_set.hpp"
#include "graph/graph.hpp"

namespace bitmason::qat {

/// Pixels 0 .. 255 as floats, (count, C, H, W).
at::Tensor pixels_of(const data::ImageSet& images, std::size_t first, std::size_t count);

/// Errors: BM-QAT-024 where the images have another shape than the network's input.
Status check_frames(const graph::Graph& graph, const data::ImageSet& images);

}  // namespace bitmason::qat
