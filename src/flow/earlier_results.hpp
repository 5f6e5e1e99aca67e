#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "flow/request.hpp"
#include "report/report.hpp"

namespace bitmason::flow {

/// What an earlier run measured on the design of a folder, with the content on which it was measured.
struct EarlierResults {
  std::string content;  ///< SHA-256 over the files that simulation and synthesis read, and the part
  report::Report report;
};

/// Nothing where the folder holds no readable design or nothing was measured.
std::optional<EarlierResults> earlier_results(const std::filesystem::path& folder);

/// Enters the earlier results into the report of the design just written to the folder where its content is
/// the same, byte for byte; else they stay dropped. Says which. Errors: BM-FILE-002 and open_design's.
Status keep_results(const EarlierResults& earlier, const std::filesystem::path& folder,
                    const Progress& progress);

}  // namespace bitmason::flow
