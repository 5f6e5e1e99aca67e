#pragma once

#include <initializer_list>
#include <string>

#include "data/image_set.hpp"
#include "graph/graph.hpp"

namespace bitmason::qat {

/// SHA-256 of everything in a network and in sets of images, as 64 hexadecimal digits: names of what is
/// kept, so that nothing is taken for the work on another one.
std::string fingerprint(const graph::Graph& graph, std::initializer_list<const data::ImageSet*> sets);

}  // namespace bitmason::qat
