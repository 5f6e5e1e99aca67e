#pragma once

#include "base/diagnostic.hpp"

/// The device room's table of diagnostics.
namespace bitmason::device::diagnostics {

inline constexpr DiagnosticKind kNoFiles{
    "BM-DEV-001",
    "the folder holds {} .json files and at least 1 is needed; name the folder of the device data"};
inline constexpr DiagnosticKind kJson{"BM-DEV-002", "is not JSON: {}; correct the text there"};
inline constexpr DiagnosticKind kUnknownField{"BM-DEV-003", "is not a field of {}; the fields are {}"};
inline constexpr DiagnosticKind kMissingField{"BM-DEV-004", "is missing; add it as {}"};
inline constexpr DiagnosticKind kType{"BM-DEV-005", "is {} and must be {}; correct the type"};
inline constexpr DiagnosticKind kValue{"BM-DEV-006", "is {} and must lie in [{}, {}]; correct the number"};
inline constexpr DiagnosticKind kRepeated{"BM-DEV-007", "field {} occurs twice in one object; remove one"};
inline constexpr DiagnosticKind kFileName{
    "BM-DEV-008", "is {} and the file is named {}; name the file after the entry, in lower case"};

inline constexpr DiagnosticKind kNoSource{
    "BM-DEV-009", "has no source text; cite the document or tool that gives the value"};
inline constexpr DiagnosticKind kSourceKind{"BM-DEV-010",
                                            "has a source of kind {}; use quoted, read or memory"};
inline constexpr DiagnosticKind kUnknownPrimitive{"BM-DEV-011",
                                                  "names {} and the primitives are {}; name one of them"};
inline constexpr DiagnosticKind kPortOrder{
    "BM-DEV-012", "is {} and narrow_bits is {}; the wide port is at least as wide as the narrow one"};
inline constexpr DiagnosticKind kProductWidth{
    "BM-DEV-013", "is {} and the ports of {} and {} bits give {}; correct one of them"};
inline constexpr DiagnosticKind kAccumulatorWidth{
    "BM-DEV-014", "is {} and the product has {} bits; the accumulator holds at least the product"};
inline constexpr DiagnosticKind kFlipFlops{
    "BM-DEV-015",
    "is {} and the part has {} LUTs; every supported fabric has at least one flip-flop per LUT"};
inline constexpr DiagnosticKind kSynthesis{
    "BM-DEV-016", "is \"{}\" and must start with synth_ and leave -top out; correct it"};
inline constexpr DiagnosticKind kTwice{"BM-DEV-017", "is given {} times; remove all but one"};

}  // namespace bitmason::device::diagnostics
