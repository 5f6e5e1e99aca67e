#pragma once

#include "base/diagnostic.hpp"

/// The data room's table of diagnostics.
namespace bitmason::data::diagnostics {

inline constexpr DiagnosticKind kIdxMagic{
    "BM-DATA-001",
    "starts with bytes {} and an IDX file of unsigned bytes starts with 00 00 08 and a dimension count of 1 "
    "to 4; give an IDX file, plain or gzip"};
inline constexpr DiagnosticKind kIdxShort{
    "BM-DATA-002", "holds {} of the {} bytes that its IDX header promises; fetch the file again"};
inline constexpr DiagnosticKind kIdxLong{
    "BM-DATA-003", "holds more than the {} bytes that its IDX header promises; fetch the file again"};
inline constexpr DiagnosticKind kIdxCorrupt{
    "BM-DATA-004", "cannot be decompressed ({} after {} bytes); fetch the file again"};
inline constexpr DiagnosticKind kIdxHuge{
    "BM-DATA-005", "its IDX header promises {} bytes and the limit is {}; split the file"};
inline constexpr DiagnosticKind kIdxRank{
    "BM-DATA-006", "has {} dimensions and {} needs {}; check that images and labels are not swapped"};
inline constexpr DiagnosticKind kLabelCount{
    "BM-DATA-007", "holds {} labels and there are {} images; give the two files of one data set"};
inline constexpr DiagnosticKind kHoldout{
    "BM-DATA-008", "{} images to hold out of {} leave none to train on; hold out fewer"};

}  // namespace bitmason::data::diagnostics
