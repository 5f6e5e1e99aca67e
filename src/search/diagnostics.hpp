#pragma once

#include "base/diagnostic.hpp"

/// The search room's table of diagnostics.
namespace bitmason::search::diagnostics {

inline constexpr DiagnosticKind kBitsCount{
    "BM-SEARCH-001", "the network has {} layers with weights and {} numbers are given; give one per layer"};
inline constexpr DiagnosticKind kBitsRange{"BM-SEARCH-002",
                                           "number {} is {}, outside 1 to 8; give 1 to 8 bits"};
inline constexpr DiagnosticKind kInputWidths{
    "BM-SEARCH-003", "layers read the input in {} and in {} bits; give them one width"};

}  // namespace bitmason::search::diagnostics
