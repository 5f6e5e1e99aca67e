#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace bitmason::flow {

/// One file for each port, in the ports' order, from arguments FILE (one port only) or NAME=FILE; names and
/// files may hold "=". With one port, NAME=FILE of another name is refused unless it is plainly a path: such
/// a file exists, or the "=" stands in a folder that does. `what` is "inputs" or "outputs". Errors:
/// BM-FLOW-003, BM-FLOW-004, BM-FLOW-021, BM-FLOW-014.
Result<std::vector<std::filesystem::path>> match_files(const std::vector<std::string>& arguments,
                                                       const std::vector<std::string>& ports,
                                                       std::string_view what);

/// Refuses two outputs in one file. Errors: BM-FLOW-015.
Status check_distinct(const std::vector<std::filesystem::path>& files);

}  // namespace bitmason::flow
