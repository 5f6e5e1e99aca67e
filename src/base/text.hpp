#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bitmason {

/// The text with every byte that is not UTF-8 replaced by U+FFFD, as in every document that is written.
std::string utf8_text(std::string_view text);

/// "a, b, c".
std::string joined(const std::vector<std::string>& words);

}  // namespace bitmason
