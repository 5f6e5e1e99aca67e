#pragma once

#include <vector>

#include "plan/integer_program.hpp"
#include "plan/layer_choices.hpp"

namespace bitmason::plan {

/// The choice of one implementation per layer and of the width of every stream between them as an integer
/// program: exact, FIFOs apart, which only the whole selection decides.
class ExactChoice {
 public:
  /// Implementations that meet the interval. `limit`: what all of them and the width changes between them may
  /// use.
  ExactChoice(const ir::Network& network, const std::vector<LayerChoices>& choices, const Resources& limit,
              std::int64_t interval, const Prices& prices);

  struct Outcome {
    IntegerProgram::Status status = IntegerProgram::Status::Stopped;
    double bound = 0;               ///< no selection that fits costs less, proved
    std::vector<LayerPlan> layers;  ///< of the best selection found, without width changes; empty without one
  };
  /// The cheapest selection that fits.
  [[nodiscard]] Outcome solve(int most_nodes) const;

 private:
  using Terms = std::vector<IntegerProgram::Term>;
  /// The columns of one layer; terms of one sum are 1 together where the layer has that many channels per
  /// beat.
  struct Layer {
    std::vector<Implementation> implementations;
    std::vector<IntegerProgram::Column> columns;
    std::vector<std::pair<int, Terms>> inputs;
    std::vector<std::pair<int, Terms>> outputs;
  };
  void add_layer(const LayerChoices& choices, std::int64_t interval);
  void add_outputs(const LayerChoices& choices, std::int64_t interval, Layer& layer);
  void add_stream(std::size_t consumer, ir::TensorId input, std::int64_t interval);
  IntegerProgram::Column add_use(const Resources& cost, bool integer);
  void add_budget(const Resources& limit);

  const ir::Network& network_;
  const std::vector<LayerChoices>& choices_;
  Prices prices_;
  IntegerProgram program_;
  std::vector<Layer> layers_;
  std::vector<Resources> uses_;  ///< of every column
  bool possible_ = true;
};

}  // namespace bitmason::plan
