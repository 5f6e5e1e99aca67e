#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"

namespace bitmason {

std::string utf8_text(std::string_view text) {
  return nlohmann::json::parse(json_text(nlohmann::json(text))).get<std::string>();
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace bitmason
