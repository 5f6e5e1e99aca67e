#pragma once

#include "base/diagnostic.hpp"

/// The pack room's table of diagnostics.
namespace bitmason::pack::diagnostics {

inline constexpr DiagnosticKind kPorts{
    "BM-PACK-001",
    "ports of {} and {} bits with a {}-bit accumulator are outside the model; "
    "give 2 <= narrow <= wide, wide + narrow <= 62 and accumulator <= 62"};
inline constexpr DiagnosticKind kRange{
    "BM-PACK-002", "the range [{}, {}] is empty or exceeds 2^31; give lo <= hi within that"};
inline constexpr DiagnosticKind kOffset{"BM-PACK-003",
                                        "operand {} is at bit {} and a value from {} to {} is needed; start "
                                        "at 0, ascend and stay on the {}-bit port"};
inline constexpr DiagnosticKind kAccumulations{
    "BM-PACK-004", "{} accumulations are promised and at least 1 is needed; read after one product or more"};
inline constexpr DiagnosticKind kPortRange{
    "BM-PACK-005",
    "the packed operands reach [{}, {}] and the {}-bit port holds [{}, "
    "{}]; pack fewer operands or move them closer"};
inline constexpr DiagnosticKind kStructure{
    "BM-PACK-006", "product ({}, {}) meets product ({}, {}) at bit {} and the family {}; change the offsets"};
inline constexpr DiagnosticKind kFields{
    "BM-PACK-007",
    "field {} is recorded as {} and the offsets make it {}; derive the fields from the offsets"};
inline constexpr DiagnosticKind kFieldWidth{
    "BM-PACK-008",
    "the biased sum reaches {} and {} bits hold {}; widen the gap above the field or accumulate less"};
inline constexpr DiagnosticKind kOverlap{
    "BM-PACK-009",
    "the field ends at bit {} and the next one starts at bit {}; narrow it or move the next one"};
inline constexpr DiagnosticKind kTop{
    "BM-PACK-010",
    "the top field ends at bit {} and the accumulator has {} bits; pack fewer operands or accumulate less"};
inline constexpr DiagnosticKind kBias{
    "BM-PACK-011", "the bias is {} and the fields need {}; derive it from the product's minimum"};

inline constexpr DiagnosticKind kCarry{"BM-PACK-012",
                                       "its carries reach from {} to {} and {} residue bits tell {} values "
                                       "apart; widen the gap or watch more bits"};
inline constexpr DiagnosticKind kRule{"BM-PACK-013", "{} and {} {}"};
inline constexpr DiagnosticKind kTopWraps{
    "BM-PACK-014",
    "{} products are promised and the top field wraps after {}; accumulate less or count its wraps"};
inline constexpr DiagnosticKind kSideBySide{
    "BM-PACK-015", "a sum of {} bits is no row of equal multipliers of {} bits; make it by side_by_side()"};

}  // namespace bitmason::pack::diagnostics
