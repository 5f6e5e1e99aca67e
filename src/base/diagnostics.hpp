#pragma once

#include "base/diagnostic.hpp"

/// The base room's table of diagnostics.
namespace bitmason::diagnostics {

inline constexpr DiagnosticKind kFileUnreadable{
    "BM-FILE-001", "cannot read the file ({}); check the path and its permissions"};
inline constexpr DiagnosticKind kFileUnwritable{
    "BM-FILE-002", "cannot write the file ({}); check the folder, its permissions and free space"};
inline constexpr DiagnosticKind kFileTooLarge{
    "BM-FILE-003", "the file has {} bytes and the limit is {}; give a smaller file"};
inline constexpr DiagnosticKind kNpyMagic{"BM-NPY-001", "is not a .npy file ({}); save it with numpy.save"};
inline constexpr DiagnosticKind kNpyHeader{
    "BM-NPY-002", "the .npy header is malformed at {}; save it again with numpy.save"};
inline constexpr DiagnosticKind kNpyType{
    "BM-NPY-003", "element type {} is not a number; convert the array to an integer or float type"};
inline constexpr DiagnosticKind kNpySize{
    "BM-NPY-004", "the header promises {} bytes of data and the file holds {}; save it again"};
inline constexpr DiagnosticKind kNpyValue{
    "BM-NPY-005", "element {} is {}, above the largest signed 64-bit integer; convert the array to int64"};

}  // namespace bitmason::diagnostics
