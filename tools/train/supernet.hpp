#pragma once

#include "search/engines.hpp"
#include "search_setup.hpp"

namespace bitmason::train_cli {

/// How the engine "supernet" trains.
struct SupernetRequest {
  int epochs = 0;
  std::size_t images = 20000;  ///< of the training images, at most
  double learning_rate = 5e-4;
  std::uint64_t seed = 1;
};

/// The engine "supernet": qat::train_supernet() from the choice of "exact" with Surrogate::interval() as its
/// cost, then discretise(), then widths that the planner still brings to the interval. Keeps a checkpoint per
/// interval in request.out/supernets. All must outlive it.
search::Engine supernet_engine(const SearchRequest& request, const SupernetRequest& supernet,
                               const SearchSetup& setup);

}  // namespace bitmason::train_cli
