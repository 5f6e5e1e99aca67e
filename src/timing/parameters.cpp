#include "timing/parameters.hpp"

#include <algorithm>

namespace bitmason::timing {

namespace {

const hw::ParameterValue* find(const hw::Instance& instance, std::string_view name) {
  const auto found = std::find_if(instance.parameters.begin(), instance.parameters.end(),
                                  [&](const auto& parameter) { return parameter.first == name; });
  return found == instance.parameters.end() ? nullptr : &found->second;
}

}  // namespace

std::int64_t integer(const hw::Instance& instance, std::string_view name, std::int64_t absent) {
  const hw::ParameterValue* value = find(instance, name);
  if (value == nullptr) return absent;
  if (const auto* number = std::get_if<std::int64_t>(value)) return *number;
  const auto* wide = std::get_if<hw::WideConstant>(value);
  return wide == nullptr || wide->words.empty() ? absent : static_cast<std::int64_t>(wide->words.front());
}

std::int64_t element(const hw::Instance& instance, std::string_view name, int k, int bits) {
  const hw::ParameterValue* value = find(instance, name);
  const auto* wide = value == nullptr ? nullptr : std::get_if<hw::WideConstant>(value);
  if (wide == nullptr) return 0;
  // `bits` is 16 or 32: an element lies within a word.
  const auto at = static_cast<std::size_t>(k * bits);
  if (at / 64 >= wide->words.size()) return 0;
  const std::uint64_t raw = wide->words[at / 64] >> (at % 64);
  const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
  const std::uint64_t low = raw & ((sign << 1) - 1);
  return static_cast<std::int64_t>(low ^ sign) - static_cast<std::int64_t>(sign);
}

int clog2(std::int64_t value) {
  int bits = 0;
  while ((std::int64_t{1} << bits) < value) ++bits;
  return bits;
}

}  // namespace bitmason::timing
