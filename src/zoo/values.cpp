#include "zoo/values.hpp"

#include <cassert>
#include <string>
#include <utility>

namespace bitmason::zoo {

Values execute(const ir::Operation& operation, const std::vector<const Values*>& inputs) {
  ir::NetworkBuilder builder("step");
  std::vector<ir::TensorId> ids;
  std::vector<std::vector<sim::Codes>> frames(inputs.front()->frames.size());
  for (const Values* input : inputs) {
    const auto name = "in" + std::to_string(ids.size());
    ids.push_back(builder.add_input(name, input->type, {.name = name}).value());
    for (std::size_t i = 0; i < frames.size(); ++i) frames[i].push_back(input->frames[i]);
  }
  const auto out = builder.add("out", operation, ids).value();
  const ir::TensorType type = builder.type(out);
  if (const auto added = builder.add_output({.name = "out", .layer = out.index}); !added) assert(false);
  const auto network = std::move(builder).build();
  const auto last = static_cast<std::size_t>(network->outputs().front().layer);
  sim::Engine engine(*network, {});
  Values result{type, {}};
  for (sim::Trace& trace : engine.run_batch(frames)) result.frames.push_back(std::move(trace[last]));
  return result;
}

}  // namespace bitmason::zoo
