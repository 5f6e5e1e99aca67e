#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bitmason {

/// The text with every byte that is not UTF-8 replaced by U+FFFD, as in every document that is written.
std::string utf8_text(std::string_view text);

/// Frames per second to a tenth, rounded down, so that a design that has the rate has what is printed.
std::string rate_text(double frames_per_second);

/// "a, b, c".
std::string joined(const std::vector<std::string>& words);

}  // namespace bitmason
