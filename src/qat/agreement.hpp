#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "data/image_set.hpp"
#include "graph/graph.hpp"
#include "ir/network.hpp"

namespace bitmason::qat {

/// Comparison of two roads to the same logit codes.
struct Agreement {
  std::size_t codes = 0;              ///< compared; a code that one road lacks is different
  std::size_t different = 0;          ///< codes
  std::size_t classes_different = 0;  ///< images whose predicted class differs
  std::size_t first = 0;              ///< image of the first difference
};

/// Codes of all images one after another, `classes` for each.
Agreement compare_codes(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b, int classes);

/// Errors: BM-TRAIN-001 where a code differs.
Status require_equal(const Agreement& agreement, const std::string& where);

/// Output codes of every image by the imported file of the graph and the integer simulator, in the order and
/// units of Evaluation::output. A value between two codes is the least 64-bit integer, which no output is.
/// Import may leave the bias to the host, so the accelerator's own codes need not be the output's.
std::vector<std::int64_t> simulated_codes(const graph::Graph& graph, const ir::Network& network,
                                          const data::ImageSet& images, int threads);

}  // namespace bitmason::qat
