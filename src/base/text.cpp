#include "base/text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"

namespace bitmason {

std::string utf8_text(std::string_view text) {
  return nlohmann::json::parse(json_text(nlohmann::json(text))).get<std::string>();
}

std::string rate_text(double frames_per_second) {
  // A quotient that is a tenth but for its last bit is that tenth.
  constexpr double kRounding = 1 + 1e-12;
  return fmt::format("{:.1f}", std::floor(frames_per_second * kRounding * 10) / 10);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace bitmason
