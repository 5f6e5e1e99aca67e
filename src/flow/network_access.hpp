#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "flow/request.hpp"
#include "ir/network.hpp"

namespace bitmason::flow {

/// A network read from its file, and one line for each node of an ONNX file that says what became of it.
struct LoadedNetwork {
  ir::Network network;
  std::vector<std::string> node_report;
};

/// Reads an ONNX file, or a network that `import` wrote as JSON (file name ending in .json). Errors: the
/// import room's.
Result<LoadedNetwork> load_network(const NetworkRequest& request);

}  // namespace bitmason::flow
