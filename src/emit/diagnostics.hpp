#pragma once

#include "base/diagnostic.hpp"

/// The emit room's table of diagnostics.
namespace bitmason::emit::diagnostics {

inline constexpr DiagnosticKind kForeignFolder{
    "BM-EMIT-001",
    "the folder holds {} entries and no design.json, so it is no design of ours; choose another folder or "
    "empty it"};
inline constexpr DiagnosticKind kMissingSource{
    "BM-EMIT-002", "module {} has no file under {}; give the folder that holds the RTL library"};
inline constexpr DiagnosticKind kFolder{
    "BM-EMIT-003",
    "cannot put the folder in place ({}); check the path, its permissions and free "
    "space"};

}  // namespace bitmason::emit::diagnostics
