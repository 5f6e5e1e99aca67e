#pragma once

#include "base/diagnostic.hpp"

/// The zoo room's table of diagnostics.
namespace bitmason::zoo::diagnostics {

inline constexpr DiagnosticKind kUnknownNetwork{"BM-ZOO-001",
                                                "is no network of the zoo; choose {}, or see `bitmason zoo "
                                                "list`"};
inline constexpr DiagnosticKind kBitsCount{
    "BM-ZOO-002", "{} has {} layers with weights and {} numbers are given; give {}, or one for all layers"};
inline constexpr DiagnosticKind kBitsRange{"BM-ZOO-003", "number {} is {}, outside 1 to 8; give 1 to 8 bits"};
inline constexpr DiagnosticKind kUnknownConfiguration{
    "BM-ZOO-004", "{} has no published configuration {}; it has {}; or give --weights and --activations"};

}  // namespace bitmason::zoo::diagnostics
