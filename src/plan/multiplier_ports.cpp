#include "plan/multiplier_ports.hpp"

namespace bitmason::plan {

pack::MultiplierPorts ports_of(const device::Primitive& primitive) {
  return {.wide_bits = primitive.wide_bits,
          .narrow_bits = primitive.narrow_bits,
          .accumulator_bits = primitive.accumulator_bits,
          .cycle_constant = primitive.constant_with_product,
          .cascade = primitive.cascade};
}

std::vector<pack::MultiplierPorts> split_ports_of(const device::Primitive& primitive) {
  if (primitive.split_multipliers == 0) return {};
  return {{.wide_bits = primitive.split_bits,
           .narrow_bits = primitive.split_bits,
           .accumulator_bits = primitive.split_accumulator_bits,
           .cycle_constant = primitive.constant_with_product,
           .multipliers = primitive.split_multipliers,
           .cascade = primitive.cascade}};
}

std::vector<pack::MultiplierPorts> usable_split_ports_of(const device::Primitive& primitive) {
  return primitive.split_rtl ? split_ports_of(primitive) : std::vector<pack::MultiplierPorts>{};
}

}  // namespace bitmason::plan
