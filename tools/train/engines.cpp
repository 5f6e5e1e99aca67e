#include "engines.hpp"

#include "refined.hpp"

namespace bitmason::train_cli {

void add_engine_options(CLI::App& verb, EngineRequest& request) {
  verb.add_option("--refine", request.refinements,
                  "also measure losses around what is found and search again, so many times per interval")
      ->check(CLI::Range(0, 20))
      ->capture_default_str();
  verb.add_option("--supernet-epochs", request.supernet.epochs,
                  "also choose bits by gradients: epochs of mixed widths per interval; 0: do not")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  verb.add_option("--supernet-images", request.supernet.images, "training images of such an epoch, at most")
      ->check(CLI::Range(2, 100000000))
      ->capture_default_str();
  verb.add_option("--supernet-learning-rate", request.supernet.learning_rate, "of weights and steps")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  verb.add_option("--supernet-seed", request.supernet.seed, "of the order of its images")
      ->capture_default_str();
}

std::vector<search::Engine> engines_of(const SearchRequest& request, const EngineRequest& asked,
                                       const SearchSetup& setup) {
  auto engines = search::engines();
  if (asked.refinements > 0) engines.push_back(refined_engine(request, asked.refinements, setup));
  if (asked.supernet.epochs > 0) engines.push_back(supernet_engine(request, asked.supernet, setup));
  return engines;
}

}  // namespace bitmason::train_cli
