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
inline constexpr DiagnosticKind kAccumulators{"BM-SEARCH-004",
                                              "{} reads {}, which is no Conv and no sum of codes; quantise "
                                              "between them, so that the width can be chosen"};

inline constexpr DiagnosticKind kNoChoice{"BM-SEARCH-005",
                                          "no choice of bits keeps {} cycles after {} integer programs; "
                                          "allow narrower widths or a longer interval"};

inline constexpr DiagnosticKind kNoTrial{
    "BM-SEARCH-006", "the file is no finished trial of this name; remove it, and the trial runs again"};

inline constexpr DiagnosticKind kNoFind{
    "BM-SEARCH-008", "the file holds no find of a search; remove it, and the search runs again"};

inline constexpr DiagnosticKind kNothingFound{"BM-SEARCH-007",
                                              "no engine finds bits that keep {} cycles on {}; allow "
                                              "narrower widths, a longer interval or a larger part"};

}  // namespace bitmason::search::diagnostics
