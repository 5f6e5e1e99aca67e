#pragma once

#include "verbs.hpp"

namespace bitmason::train_cli {

struct SearchRequest {
  NetworkRequest network;
  std::filesystem::path data = kDefaultData;
  std::filesystem::path out;
  std::string part = "xczu3eg";
  std::vector<std::int64_t> intervals;  ///< cycles a frame
  bool uniform = false;                 ///< planned intervals of uniform 2 to 6 bits instead
  std::pair<int, int> weights{2, 8};    ///< narrowest and widest
  std::pair<int, int> activations{2, 8};
  std::size_t images = 512;
  int holdout = kDefaultHoldout;
  int threads = 2;
  bool json = false;
};

/// Measures sensitivities, lets every engine choose bits for every interval, quantises and exports each
/// choice and measures its accuracy on the images held out. Writes ENGINE_CYCLES.onnx and search.json.
Diagnostics search_bits(const SearchRequest& request);

}  // namespace bitmason::train_cli
