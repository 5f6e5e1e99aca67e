#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "flow/planning.hpp"
#include "hw/design.hpp"

namespace bitmason::flow {

/// A design folder just written, with what it was made from.
struct WrittenDesign {
  PlannedNetwork planned;
  hw::Design design;
};

/// Plans, lowers, checks the hardware graph and writes the folder, the report of the estimates included.
Result<WrittenDesign> write_design(const PlanRequest& request, const std::filesystem::path& folder);

}  // namespace bitmason::flow
