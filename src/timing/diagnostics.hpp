#pragma once

#include "base/diagnostic.hpp"

/// The timing room's table of diagnostics.
namespace bitmason::timing::diagnostics {

inline constexpr DiagnosticKind kStuck{
    "BM-TIMING-001",
    "{} frames leave and then nothing moves, also with FIFOs of {} bits, a whole frame on every stream; give "
    "the line buffers more rows"};

}  // namespace bitmason::timing::diagnostics
