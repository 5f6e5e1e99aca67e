#pragma once

#include "base/diagnostic.hpp"

/// The report room's table of diagnostics.
namespace bitmason::report::diagnostics {

inline constexpr DiagnosticKind kMalformed{
    "BM-REPORT-001", "{} is missing or malformed; write the folder again with `bitmason build`"};

}  // namespace bitmason::report::diagnostics
