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

inline constexpr DiagnosticKind kForeignEntry{
    "BM-EMIT-004",
    "the folder holds {}, which no build writes, and would be replaced as a whole; move that away or choose "
    "another folder"};
inline constexpr DiagnosticKind kForeignManifest{
    "BM-EMIT-005",
    "the folder's design.json lacks \"format\": \"{}\", so it is no design of ours; choose another folder or "
    "empty it"};
inline constexpr DiagnosticKind kWorkingFolder{
    "BM-EMIT-006",
    "the folder is or holds the current one, which a build cannot replace; call from outside it or choose "
    "another folder"};

}  // namespace bitmason::emit::diagnostics
