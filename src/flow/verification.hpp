#pragma once

#include "base/result.hpp"
#include "flow/request.hpp"

namespace bitmason::flow {

/// Which checks of a design folder run.
struct Levels {
  bool engine = false;
  bool rtl = false;
  bool netlist = false;
};

/// Runs the checks and updates the folder's report. What an earlier run found at these levels is forgotten
/// first, so that the report never shows a success that a later failure has overtaken.
Result<Document> verify_levels(const VerifyRequest& request, const Levels& levels, const Progress& progress);

}  // namespace bitmason::flow
