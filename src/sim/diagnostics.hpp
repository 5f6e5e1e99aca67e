#pragma once

#include "base/diagnostic.hpp"

/// The sim room's table of diagnostics.
namespace bitmason::sim::diagnostics {

inline constexpr DiagnosticKind kInputShape{
    "BM-SIM-001",
    "the array has shape {} and the input needs {}, the first dimension of any size; reshape it"};
inline constexpr DiagnosticKind kInputNotFinite{"BM-SIM-002", "element {} is {}; give finite values only"};
inline constexpr DiagnosticKind kInputRange{
    "BM-SIM-003", "element {} is {}, which quantises to {} outside the codes [{}, {}]; give values within"};
inline constexpr DiagnosticKind kInputFraction{
    "BM-SIM-004",
    "element {} is {}, which quantises to {}, not an integer; give multiples of the input's scale"};

}  // namespace bitmason::sim::diagnostics
