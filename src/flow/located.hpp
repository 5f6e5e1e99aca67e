#pragma once

#include <filesystem>

#include "base/diagnostic.hpp"

namespace bitmason::flow {

/// The findings about a text with the file that holds it in front of each place.
inline Diagnostics located(Diagnostics errors, const std::filesystem::path& file) {
  for (Diagnostic& error : errors) {
    error.where = file.string() + (error.where.empty() ? "" : ": " + error.where);
  }
  return errors;
}

}  // namespace bitmason::flow
