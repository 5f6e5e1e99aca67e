#pragma once

#include "base/diagnostic.hpp"

/// The export room's table of diagnostics.
namespace bitmason::exporting::diagnostics {

inline constexpr DiagnosticKind kOpset{"BM-EXP-001",
                                       "the file's opset is {} and this export needs at least {}; convert "
                                       "the file first, for example with onnx.version_converter"};
inline constexpr DiagnosticKind kNotConstant{
    "BM-EXP-002", "{} of this quantiser is not an initializer; fold it into a constant first"};
inline constexpr DiagnosticKind kAttribute{
    "BM-EXP-003", "attribute {} is missing or unknown; write the file again with a current QONNX exporter"};
inline constexpr DiagnosticKind kRank{
    "BM-EXP-004",
    "the rank of {} cannot be told, which thresholds per channel need; give the file static shapes"};
inline constexpr DiagnosticKind kOperator{
    "BM-EXP-005", "{} has no standard form here; replace it by IntQuant, BipolarQuant or MultiThreshold"};

}  // namespace bitmason::exporting::diagnostics
