#include "pack/scheme.hpp"

#include <numeric>

namespace bitmason::pack {

std::string to_text(Method method) {
  switch (method) {
    case Method::Direct:
      return "direct";
    case Method::Split:
      return "digit split";
    case Method::RowPieces:
      return "row pieces";
    case Method::WinogradRow:
      return "F(2,3)";
    case Method::WinogradTile:
      return "F(2x2,3x3)";
    case Method::Karatsuba:
      return "Karatsuba";
    case Method::Strassen:
      return "Strassen";
  }
  return "";
}

double Scheme::density() const {
  double multipliers = 0;
  for (const Part& part : parts) multipliers += part.product.count / part.packing.density();
  return macs / multipliers;
}

SchemeBlock full_block(const std::vector<Part>& parts) {
  SchemeBlock block;
  for (const Part& part : parts) {
    const auto weights = static_cast<int>(part.packing.weight_offsets.size());
    block.channels = std::lcm(block.channels, weights / std::gcd(weights, part.product.kernel));
    block.pixels = std::lcm(block.pixels, static_cast<int>(part.packing.activation_offsets.size()));
  }
  return block;
}

PartShape part_shape(const Part& part, const SchemeBlock& block) {
  const auto weights = static_cast<int>(part.packing.weight_offsets.size());
  const auto pixels = static_cast<int>(part.packing.activation_offsets.size());
  return {.columns = (block.channels * part.product.kernel + weights - 1) / weights,
          .groups = (block.pixels + pixels - 1) / pixels};
}

int multipliers(const Scheme& scheme, const SchemeBlock& block) {
  int sum = 0;
  for (const int kind : scheme.algorithm.kinds) {
    const PartShape shape = part_shape(scheme.parts[static_cast<std::size_t>(kind)], block);
    sum += shape.columns * shape.groups;
  }
  return sum;
}

}  // namespace bitmason::pack
