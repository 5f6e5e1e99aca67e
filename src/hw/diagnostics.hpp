#pragma once

#include "base/diagnostic.hpp"

/// The hw room's table of diagnostics.
namespace bitmason::hw::diagnostics {

inline constexpr DiagnosticKind kParameterRange{
    "BM-HW-001", "{} is {} and a module parameter holds 32 bits; scale the network's integers down"};
inline constexpr DiagnosticKind kPrimitiveWithoutRtl{
    "BM-HW-002",
    "module {} of primitive {} is none of the {} that the convolution engine instantiates; add it to "
    "rtl/dsp and to the table in lower_conv.cpp"};
inline constexpr DiagnosticKind kPlanMismatch{
    "BM-HW-003", "the plan has {} layers and the network {}; plan this network again"};
inline constexpr DiagnosticKind kPlanLayer{
    "BM-HW-004", "layer {} of the plan is {} and of the network {}; plan this network again"};
inline constexpr DiagnosticKind kProducers{
    "BM-HW-010", "the stream has {} producers and needs 1; bind it once as an output"};
inline constexpr DiagnosticKind kConsumers{
    "BM-HW-011", "the stream has {} consumers and needs 1; use bm_fork for several"};
inline constexpr DiagnosticKind kName{"BM-HW-012",
                                      "the name is {}; use letters, digits and underscores, each name once"};
inline constexpr DiagnosticKind kStreamShape{
    "BM-HW-013",
    "{} channels per beat do not divide {} channels and are no whole pixels of a row; choose a divisor"};
inline constexpr DiagnosticKind kWidth{
    "BM-HW-014",
    "stream {} carries {} bits a beat and the module's parameters say {}; make them "
    "agree"};
inline constexpr DiagnosticKind kSignedness{
    "BM-HW-018", "stream {} is {} and the module's parameters say {}; make them agree"};
inline constexpr DiagnosticKind kMemory{"BM-HW-015",
                                        "memory file {} is {}; every file is defined once and used"};
inline constexpr DiagnosticKind kOrder{
    "BM-HW-016", "stream {} is consumed before its producer; order instances topologically"};
inline constexpr DiagnosticKind kBeats{
    "BM-HW-017", "stream {} has {} elements a frame and stream {} has {}; plumbing keeps every element"};
inline constexpr DiagnosticKind kSchemeArray{
    "BM-HW-030", "the packing of {} is none that {} executes: {}; take another scheme of the front"};
inline constexpr DiagnosticKind kSchemeSum{
    "BM-HW-031", "sums need {} bits and the arrays give {}; use fewer lanes or steps"};

}  // namespace bitmason::hw::diagnostics
