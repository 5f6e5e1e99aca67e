#pragma once

#include <fmt/format.h>

#include <string>

#include "base/random.hpp"
#include "device/device.hpp"
#include "import/import.hpp"
#include "plan/plan.hpp"
#include "search/cost_tables.hpp"
#include "sim/engine.hpp"
#include "zoo/make.hpp"

/// Networks of the zoo as files mean them, and the part on which they are planned.
namespace bitmason::search::testing {

/// What `bitmason zoo NAME --weights .. --activations ..` writes, imported; one calibration frame of random
/// codes.
inline ir::Network zoo_network(const std::string& name, const Bits& bits) {
  const auto entry = zoo::find(name);
  const zoo::Order order{entry->topology, {bits.weights, bits.activations}};
  const ir::TensorType image = zoo::image_type(order);
  bitmason::Random random(1, 0);
  sim::Codes frame(static_cast<std::size_t>(image.shape.elements()));
  for (auto& code : frame)
    code = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(image.range.hi + 1)));
  const auto model = zoo::make_model(order, {frame}, [](std::string_view) {});
  return import::import_onnx(model, {.file_stem = name})->network;
}

inline ir::Network zoo_network(const std::string& name, int bits) {
  const auto layers = zoo::find(name)->topology.weighted().size();
  return zoo_network(name, uniform(layers, bits, bits, bits));
}

/// A part of devices/ with its primitive, all of it as the budget; weights on the part.
inline Target target(const std::string& name) {
  const auto database = device::load_database(std::string(BITMASON_SOURCE_DIR) + "/devices");
  const device::Part& part = *database->find_part(name);
  return {part, *database->find_primitive(part.primitive),
          plan::Budget{.limit = {part.dsps, part.luts, part.flip_flops, part.bram18s, part.urams},
                       .clock_mhz = part.clock_mhz,
                       .external = plan::ExternalWeights::Never}};
}

}  // namespace bitmason::search::testing
