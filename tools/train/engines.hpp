#pragma once

#include "supernet.hpp"

namespace bitmason::train_cli {

/// Engines that look at images, beside those of search::engines().
struct EngineRequest {
  int refinements = 0;       ///< of the engine "refined"; 0: there is none
  SupernetRequest supernet;  ///< 0 epochs: there is none
};

void add_engine_options(CLI::App& verb, EngineRequest& request);

/// All must outlive them.
std::vector<search::Engine> engines_of(const SearchRequest& request, const EngineRequest& asked,
                                       const SearchSetup& setup);

}  // namespace bitmason::train_cli
