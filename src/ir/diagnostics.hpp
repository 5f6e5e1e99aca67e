#pragma once

#include "base/diagnostic.hpp"

/// The ir room's table of diagnostics.
namespace bitmason::ir::diagnostics {

inline constexpr DiagnosticKind kInputCount{"BM-IR-001",
                                            "{} takes {} inputs and has {}; connect exactly that many"};
inline constexpr DiagnosticKind kUnknownTensor{
    "BM-IR-002", "input {} names layer {} and only {} layers precede it; use an earlier layer"};
inline constexpr DiagnosticKind kBadShape{
    "BM-IR-003", "shape {} has a size below 1 or more than 2^28 elements; give positive, smaller sizes"};
inline constexpr DiagnosticKind kBadRange{
    "BM-IR-004", "range [{}, {}] is empty or exceeds 2^62; give lo <= hi within that"};
inline constexpr DiagnosticKind kWindow{"BM-IR-005",
                                        "window {} does not fit the {} frame; kernel, stride >= 1, padding "
                                        ">= 0 and smaller than the kernel are needed"};
inline constexpr DiagnosticKind kWeightCount{"BM-IR-006",
                                             "weights {} need {} values and have {}; give all of them"};
inline constexpr DiagnosticKind kGroups{"BM-IR-007",
                                        "{} input channels in {} groups need {} input channels per group and "
                                        "the weights have {}; make them agree"};
inline constexpr DiagnosticKind kGroupOutputs{
    "BM-IR-008", "{} output channels do not divide into {} groups; make them a multiple"};
inline constexpr DiagnosticKind kVectorLength{"BM-IR-009",
                                              "{} has {} values and {} are needed; give one for each"};
inline constexpr DiagnosticKind kShapesDiffer{"BM-IR-010", "input shapes {} and {} differ; make them equal"};
inline constexpr DiagnosticKind kAccumulator{
    "BM-IR-011",
    "the accumulator may reach {} x 2^40, beyond 2^62; use narrower weights, activations or multipliers"};
inline constexpr DiagnosticKind kBlock{"BM-IR-012",
                                       "block {} does not divide the frame {}; choose a divisor"};
inline constexpr DiagnosticKind kOrder{"BM-IR-013", "thresholds of row {} descend at step {}; sort them"};
inline constexpr DiagnosticKind kLevels{
    "BM-IR-014", "{} output levels exceed the {} that thresholds may have; use a multiplier and shift"};
inline constexpr DiagnosticKind kNoInput{"BM-IR-015", "the network has no {}; declare at least one"};
inline constexpr DiagnosticKind kUnusedInput{"BM-IR-016", "no output depends on input {}; remove it"};
inline constexpr DiagnosticKind kWeightRange{
    "BM-IR-017", "weight {} is outside the declared range [{}, {}]; widen the range"};
inline constexpr DiagnosticKind kPortTwice{"BM-IR-018",
                                           "two {} of the network have this name; give each its own"};
inline constexpr DiagnosticKind kText{
    "BM-IR-020", "{} is missing or malformed in the network text; write it again with `bitmason import`"};

}  // namespace bitmason::ir::diagnostics
