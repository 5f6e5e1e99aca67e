#pragma once

#include "base/diagnostic.hpp"

/// The flow room's table of diagnostics.
namespace bitmason::flow::diagnostics {

inline constexpr DiagnosticKind kUnknownPart{"BM-FLOW-001", "no {} has this name; known are {}"};
inline constexpr DiagnosticKind kBadNumber{"BM-FLOW-002", "{} is not {}; give for example {}"};
inline constexpr DiagnosticKind kPortCount{
    "BM-FLOW-003", "the network has {} {} ({}) and {} files are given; give one NAME=FILE for each"};
inline constexpr DiagnosticKind kUnknownPort{"BM-FLOW-004", "the network has no {} of this name; it has {}"};
inline constexpr DiagnosticKind kBatchDiffers{
    "BM-FLOW-005", "the first input has {} frames and this one {}; give every input the same number"};
inline constexpr DiagnosticKind kUnknownChoice{"BM-FLOW-006", "{} is not a known {}; choose {}"};
inline constexpr DiagnosticKind kNotDesign{
    "BM-FLOW-007", "the folder holds no {}; write it with `bitmason build NET --part P --out DIR`"};
inline constexpr DiagnosticKind kNotEqual{"BM-FLOW-008",
                                          "{} differs from the integer network: {}; this is a defect of "
                                          "Bitmason, please report it with the network"};
inline constexpr DiagnosticKind kNoPacking{"BM-FLOW-009",
                                           "no packing of {} and {} bits fits the {} ports{}; {}"};
inline constexpr DiagnosticKind kBadRange{
    "BM-FLOW-033", "{} to {} are no two values of at most 16 bits, the smaller first; give for example -5,2"};
inline constexpr DiagnosticKind kNotTogether{"BM-FLOW-010",
                                             "cannot be combined with {}, {}; leave it out or {}"};

inline constexpr DiagnosticKind kNoFrames{"BM-FLOW-011",
                                          "holds {} frames and at least {} is needed; give one or more"};
inline constexpr DiagnosticKind kNothingCompared{
    "BM-FLOW-013",
    "the netlist of {} gave no beat in {} cycles, so nothing was compared; its RTL stands verified by "
    "`--level rtl`, use a smaller network to compare its netlist"};

inline constexpr DiagnosticKind kNotProved{
    "BM-FLOW-012", "is not proved: {}; this is a defect of Bitmason, please report it with the widths"};
inline constexpr DiagnosticKind kNoName{"BM-FLOW-021", "the name of the {} is empty; give for example {}"};
inline constexpr DiagnosticKind kNamedTwice{"BM-FLOW-014",
                                            "{} is named twice; give one NAME=FILE for each of {}"};
inline constexpr DiagnosticKind kSameFile{"BM-FLOW-015",
                                          "two outputs go to this file; give each output its own"};
inline constexpr DiagnosticKind kNeeds{"BM-FLOW-016", "has no effect without {}; give {}, or leave it out"};
inline constexpr DiagnosticKind kNoHls{
    "BM-FLOW-017", "there is no HLS back end yet, so there is nothing to check at level hls; choose {}"};
inline constexpr DiagnosticKind kLint{
    "BM-FLOW-018",
    "Verilator's lint finds in the generated hardware: {}; this is a defect of Bitmason, please report it "
    "with the network"};
inline constexpr DiagnosticKind kNetlistDiffers{"BM-FLOW-020",
                                                "the netlist of {} differs from its RTL: {}; this is a "
                                                "defect of Bitmason or of the tools, please report it "
                                                "with the network"};
inline constexpr DiagnosticKind kTemporary{
    "BM-FLOW-019", "cannot use the folder for temporary files ({}); let TMPDIR name one that exists"};

inline constexpr DiagnosticKind kOtherOrigin{
    "BM-FLOW-022",
    "holds packings measured with {} and these would be measured with {}; name another file, or with "
    "--keep-earlier keep packings of which only the RTL differs"};
inline constexpr DiagnosticKind kOtherPrimitive{
    "BM-FLOW-034", "holds packings of {} and those of {} are asked for; name another file or give --dsp {}"};
inline constexpr DiagnosticKind kMeasuresOther{
    "BM-FLOW-023",
    "{}: measured with {} it had {}, measured again with {} it has {}; measure the file again"};
inline constexpr DiagnosticKind kNotCosts{"BM-FLOW-024",
                                          "is no data of `bitmason pack --measure` ({}); name another file"};
inline constexpr DiagnosticKind kNearestPart{
    "BM-FLOW-025",
    "the smallest known part on which it fits is {}: {} cycles a frame planned, {} frames/s at {} MHz; give "
    "--part {}"};
inline constexpr DiagnosticKind kNearestTarget{"BM-FLOW-031",
                                               "the smallest known part that reaches the target is {}: {} "
                                               "cycles a frame planned, {} frames/s at {} MHz; "
                                               "give --part {}"};
inline constexpr DiagnosticKind kNoTarget{
    "BM-FLOW-032", "none of the {} known parts reaches the target; lower it, or use narrower operands"};
inline constexpr DiagnosticKind kNearestLimits{"BM-FLOW-030",
                                               "without the limits given it fits {}: {} cycles a frame "
                                               "planned, {} frames/s at {} MHz; raise {} or leave "
                                               "it out"};
inline constexpr DiagnosticKind kNoPart{
    "BM-FLOW-026", "it fits none of the {} known parts; use narrower operands or fewer channels"};
inline constexpr DiagnosticKind kNearestWidth{"BM-FLOW-027",
                                              "it would fit {} with weights of at most {}: {} cycles a "
                                              "frame planned, {} frames/s at {} MHz; train "
                                              "it with narrower weights"};
inline constexpr DiagnosticKind kNoWidth{
    "BM-FLOW-028", "narrower weights alone do not make it fit {}; use fewer channels or a larger part"};
inline constexpr DiagnosticKind kNoTrainer{
    "BM-FLOW-029",
    "cannot be started ({}): it is neither in {} nor on the PATH; build it with `cmake --preset torch && "
    "cmake "
    "--build --preset torch --target bitmason-train` and call the bitmason beside it"};

}  // namespace bitmason::flow::diagnostics
