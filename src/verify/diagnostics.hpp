#pragma once

#include "base/diagnostic.hpp"

/// The verify room's table of diagnostics.
namespace bitmason::verify::diagnostics {

inline constexpr DiagnosticKind kToolMissing{
    "BM-VERIFY-001", "cannot find this program; install it with `apt-get install {}`"};
inline constexpr DiagnosticKind kToolTimeout{
    "BM-VERIFY-002", "did not finish within {} s and was stopped; raise the limit or read {}"};
inline constexpr DiagnosticKind kToolFailed{"BM-VERIFY-003",
                                            "ended with exit code {} where 0 was expected; read {}: {}"};
inline constexpr DiagnosticKind kToolStart{"BM-VERIFY-004",
                                           "cannot be started ({}); check the folder and the permissions"};
inline constexpr DiagnosticKind kCacheFolder{
    "BM-VERIFY-005", "cannot use the cache folder ({}); check the path, its permissions and free space"};
inline constexpr DiagnosticKind kManifest{
    "BM-VERIFY-010", "{} is missing or of the wrong type; write the folder again with `bitmason build`"};
inline constexpr DiagnosticKind kManifestSyntax{
    "BM-VERIFY-011", "is no JSON at byte {}; write the folder again with `bitmason build`"};
inline constexpr DiagnosticKind kMemoryChanged{
    "BM-VERIFY-012", "has SHA-256 {} and design.json says {}; write the folder again with `bitmason build`"};
inline constexpr DiagnosticKind kPortMismatch{
    "BM-VERIFY-013", "the design has {} {} and the network has {}; build the design from this network"};
inline constexpr DiagnosticKind kNoFrames{"BM-VERIFY-020", "{} frames are given; give at least {}"};
inline constexpr DiagnosticKind kFrameSize{
    "BM-VERIFY-021", "frame {} has {} codes and the port carries {}; give frames of the port's shape"};
inline constexpr DiagnosticKind kFrameRange{
    "BM-VERIFY-022", "frame {} holds the code {} and the port carries {} bits {}; give codes within it"};
inline constexpr DiagnosticKind kRecord{
    "BM-VERIFY-023",
    "holds {} bytes, which is no multiple of the {} bytes of a beat; remove it and run again"};
inline constexpr DiagnosticKind kIncomplete{
    "BM-VERIFY-024", "the design delivered {} of {} beats; verify it with `bitmason verify`"};
inline constexpr DiagnosticKind kUnknownCell{
    "BM-VERIFY-030",
    "cell {} has the type {}, which no counting rule covers; add it to the cell table or change the part"};
inline constexpr DiagnosticKind kNetlist{
    "BM-VERIFY-031", "is no netlist of Yosys ({} is missing or of the wrong type); remove it and run again"};
inline constexpr DiagnosticKind kLoop{"BM-VERIFY-032",
                                      "a combinational loop passes through cell {}; register it"};
inline constexpr DiagnosticKind kSynthesisCommand{
    "BM-VERIFY-033", "the synthesis command is `{}`; give synth_xilinx, synth_ecp5 or synth_ice40"};
inline constexpr DiagnosticKind kNoModels{
    "BM-VERIFY-034", "cells of type {} have no simulation model; add one under models/ or use another part"};

}  // namespace bitmason::verify::diagnostics
