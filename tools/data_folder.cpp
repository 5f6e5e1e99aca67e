#include "data_folder.hpp"

#include <cstdlib>

namespace bitmason {

namespace fs = std::filesystem;

fs::path data_folder() {
  const char* named = std::getenv("BITMASON_DATA");
  if (named != nullptr && *named != '\0') return named;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / "share" / "bitmason";
  if (!error && fs::is_directory(installed / "devices", error)) return installed;
  return BITMASON_SOURCE_DIR;
}

}  // namespace bitmason
