#include "search/rescale.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bitmason::search {

std::int64_t scaled(std::int64_t value, double gain) {
  return std::llround(static_cast<double>(value) * gain);
}

void rescale(ir::Conv& conv, double in, double weights) {
  conv.pad_value = scaled(conv.pad_value, in);
  for (std::int64_t& bias : conv.bias) bias = scaled(bias, weights * in);
}

ir::Add rescaled(const ir::Add& add, const std::vector<double>& gains, double& gain) {
  const double most = std::ranges::max(gains);
  ir::Add result = add;
  std::int64_t common = 0;
  for (std::size_t k = 0; k < gains.size(); ++k) {
    result.multipliers[k] = scaled(add.multipliers[k], most / gains[k]);
    common = std::gcd(common, result.multipliers[k]);
  }
  common = std::max<std::int64_t>(1, common);
  for (std::int64_t& multiplier : result.multipliers) multiplier /= common;
  gain = most / static_cast<double>(common);
  result.constant = scaled(add.constant, gain);
  return result;
}

}  // namespace bitmason::search
