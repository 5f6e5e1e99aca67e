#pragma once

#include <vector>

#include "base/result.hpp"
#include "flow/request.hpp"
#include "import/import.hpp"
#include "ir/network.hpp"

namespace bitmason::flow {

/// A network read from its file, and what became of each node where that is an ONNX file.
struct LoadedNetwork {
  ir::Network network;
  std::vector<import::NodeReport> nodes;
};

/// Reads an ONNX file, or a network that `import` wrote as JSON (file name ending in .json). Errors: the
/// import room's.
Result<LoadedNetwork> load_network(const NetworkRequest& request);

}  // namespace bitmason::flow
