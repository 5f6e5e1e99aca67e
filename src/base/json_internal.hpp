#pragma once

#include <string>

namespace bitmason {

/// The one way from a JSON document to text; a negative indent gives one line. Names come from files and
/// arguments and need not be UTF-8: bytes that are not become U+FFFD.
template <class Json>
std::string json_text(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace bitmason
