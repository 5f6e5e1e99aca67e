#pragma once

#include "base/diagnostic.hpp"

/// The plan room's table of diagnostics.
namespace bitmason::plan::diagnostics {

inline constexpr DiagnosticKind kResourceShort{
    "BM-PLAN-001",
    "all else as it is, {} {} are enough and {} may be used, {}; allow so many, or use a larger part or a "
    "smaller network"};
inline constexpr DiagnosticKind kSmallest{
    "BM-PLAN-002",
    "its smallest implementation needs {} of the {} {}, {} %; narrower operands or fewer channels need less"};
inline constexpr DiagnosticKind kTooSlow{"BM-PLAN-003",
                                         "the target of {} frames/s is {} cycles a frame and {} cycles is "
                                         "the fastest found; lower the target, "
                                         "raise the clock or allow more resources"};
inline constexpr DiagnosticKind kNoPacking{
    "BM-PLAN-004",
    "weights in [{}, {}] times activations in [{}, {}] do not fit a {}x{} multiplier; use narrower operands"};
inline constexpr DiagnosticKind kFoldingText{
    "BM-PLAN-010", "{} is not what a folding file holds ({}); give {\"<layer>\": {\"PE\": 4, \"SIMD\": 2}}"};
inline constexpr DiagnosticKind kFoldingLayer{
    "BM-PLAN-011",
    "the folding file names layer {} and the network has none of that name; use "
    "a name that `bitmason plan` prints"};
inline constexpr DiagnosticKind kFoldingDivides{"BM-PLAN-012",
                                                "{} {} does not divide {} {}; choose a divisor"};
inline constexpr DiagnosticKind kFoldingRows{
    "BM-PLAN-013", "kernel_rows {} is neither 1 nor the kernel's {} rows; choose one of them"};
inline constexpr DiagnosticKind kFoldingPixels{
    "BM-PLAN-014",
    "pixels {} fits no packing of {} bit weights and {} bit activations, {} at most; choose fewer"};
inline constexpr DiagnosticKind kFoldingNothing{"BM-PLAN-015",
                                                "no implementation has all of {}; leave one of them out"};
inline constexpr DiagnosticKind kFoldingNoConv{"BM-PLAN-034",
                                               "{} is for convolutions and the layer is none; leave it out"};
inline constexpr DiagnosticKind kLayerCount{
    "BM-PLAN-020", "the plan has {} layers and the network {}; plan this network again"};
inline constexpr DiagnosticKind kDivides{"BM-PLAN-021", "{} {} does not divide {} {}; choose a divisor"};
inline constexpr DiagnosticKind kChain{
    "BM-PLAN-022", "{} multipliers in a cascade exceed the {} that {} allows; shorten the chain"};
inline constexpr DiagnosticKind kOperands{
    "BM-PLAN-023",
    "the packing holds {} in [{}, {}] and the layer's reach [{}, {}]; pack the layer's own range"};
inline constexpr DiagnosticKind kFamily{"BM-PLAN-024",
                                        "the packing {} does not suit the layer ({}); choose another"};
inline constexpr DiagnosticKind kCycles{
    "BM-PLAN-025", "{} cycles are stated and the loops take {}; plan this network again"};
inline constexpr DiagnosticKind kOverBudget{"BM-PLAN-026",
                                            "the plan uses {} {} and {} may be used; allow more"};
inline constexpr DiagnosticKind kFifo{
    "BM-PLAN-027", "the FIFO from {} to input {} has depth {} and {} is the least; deepen it"};
inline constexpr DiagnosticKind kTotals{"BM-PLAN-028",
                                        "{} {} are stated and the layers add to {}; plan again"};
inline constexpr DiagnosticKind kRequantise{
    "BM-PLAN-029",
    "multiplier and shift give code {} for accumulator {} of channel {} and the thresholds {}; use "
    "thresholds"};
inline constexpr DiagnosticKind kLineRows{
    "BM-PLAN-030", "the line buffer holds {} rows and the window needs {}; give it more"};
inline constexpr DiagnosticKind kExternal{"BM-PLAN-031",
                                          "its weights cannot come from external memory so: {}; plan again"};
inline constexpr DiagnosticKind kScaleInDsp{
    "BM-PLAN-033", "its products of {} by {} bits fit no multiplier of {}; multiply in LUTs"};
inline constexpr DiagnosticKind kSeveralShort{
    "BM-PLAN-035",
    "several resources are short: the nearest implementation found needs {} {} and {} may be used, {}; allow "
    "more of each, or use a larger part or a smaller network"};
inline constexpr DiagnosticKind kBeat{"BM-PLAN-032", "its beats cannot be built: {}; plan again"};

}  // namespace bitmason::plan::diagnostics
