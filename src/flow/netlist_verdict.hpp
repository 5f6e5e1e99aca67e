#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "verify/netlist_check.hpp"

namespace bitmason::flow {

/// What the comparison of the blocks' netlists means for the user: a difference is a defect, a block that
/// gave nothing to compare is neither equal nor defective, one compared over part of a frame is named in
/// `notes`. Errors: BM-FLOW-013, BM-FLOW-020.
Status judge_netlists(const verify::NetlistCheckResult& result, const std::filesystem::path& design,
                      std::vector<std::string>& notes);

}  // namespace bitmason::flow
