#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "ir/network.hpp"
#include "report/report.hpp"
#include "verify/design_files.hpp"

namespace bitmason::flow {

/// A design folder with the network it was made from and its report so far.
struct OpenDesign {
  verify::DesignFiles files;
  ir::Network network;
  report::Report report;
};

/// Refuses what is no folder with this file. Errors: BM-FLOW-007, BM-FLOW-021.
Status check_holds(const std::filesystem::path& folder, const std::string& file);

/// Errors: BM-FLOW-007, BM-FLOW-021, BM-VERIFY-010..012, BM-IR-020, BM-REPORT-001.
Result<OpenDesign> open_design(const std::filesystem::path& folder);

}  // namespace bitmason::flow
