#pragma once

#include "base/diagnostic.hpp"

/// The import room's table of diagnostics. Every text names the reason and, last, the smallest change.
namespace bitmason::import::diagnostics {

// The file as a whole.
inline constexpr DiagnosticKind kOpset{
    "BM-IMPORT-001", "the file uses ONNX opset {} and 6 to 19 are supported; convert the model to opset 13"};
inline constexpr DiagnosticKind kCycle{
    "BM-IMPORT-002", "reads value {} that nothing before it computes; connect it to an earlier value"};
inline constexpr DiagnosticKind kInputShape{
    "BM-IMPORT-003",
    "has shape {} and a batch dimension with 1 to 3 known sizes is needed; export with fixed sizes"};
inline constexpr DiagnosticKind kInputType{
    "BM-IMPORT-004", "--input-type is {} and int2..int16 or uint1..uint16 is needed; use for example uint8"};
inline constexpr DiagnosticKind kInputScale{"BM-IMPORT-005",
                                            "--input-scale is {} and more than 0 is needed; give the real "
                                            "value of one code, for example 1/255"};
inline constexpr DiagnosticKind kOutputConstant{
    "BM-IMPORT-006", "output does not depend on any input; remove it from the graph's outputs"};

inline constexpr DiagnosticKind kInputSize{
    "BM-IMPORT-007",
    "a frame of shape {} has more than the {} elements that a stream may have; use a smaller input"};

// Operators and attributes.
inline constexpr DiagnosticKind kOperator{"BM-IMPORT-010", "operator {} is not supported; {}"};
inline constexpr DiagnosticKind kAttribute{
    "BM-IMPORT-011", "attribute {} is {} and {} is needed; export the node again with that"};
inline constexpr DiagnosticKind kNotConstant{
    "BM-IMPORT-012",
    "input {} must be a constant and is computed from the network's input; fold it or make "
    "it an initializer"};
inline constexpr DiagnosticKind kInputs{"BM-IMPORT-013", "{} has {} inputs and {} are needed; connect them"};
inline constexpr DiagnosticKind kConstant{"BM-IMPORT-014",
                                          "constant input {} is {} and {} is needed; correct the constant"};
inline constexpr DiagnosticKind kShape{"BM-IMPORT-015",
                                       "shape {} does not fit {}; correct the shapes of the graph"};
inline constexpr DiagnosticKind kTwoStreams{
    "BM-IMPORT-016",
    "{} of two computed values is not supported and one constant side is needed; rewrite it "
    "as convolution, Add or Concat"};
inline constexpr DiagnosticKind kTooLarge{
    "BM-IMPORT-017", "a constant of {} {} exceeds the limit of {}; simplify the subgraph"};

// Quantisation.
inline constexpr DiagnosticKind kNoQuantiser{
    "BM-IMPORT-020",
    "graph input {} arrives without a quantiser; insert a Quant node after it, or give "
    "--input-type (for example --input-type uint8 --input-scale 1/255)"};
inline constexpr DiagnosticKind kFloatWeights{
    "BM-IMPORT-021",
    "weights {} are float: no common scale makes them integers of at most 16 bits; insert a "
    "Quant node after them (for example signed, narrow, 4 or 8 bits)"};
inline constexpr DiagnosticKind kUnquantised{
    "BM-IMPORT-022",
    "its input is a real function of accumulators in [{}, {}] that no integer scale holds; insert a Quant "
    "node before it (for example after {})"};
inline constexpr DiagnosticKind kChannelScales{
    "BM-IMPORT-023",
    "input channels have different scales ({} and {}) that weights of at most 16 bits cannot "
    "hold; quantise the input with one scale"};
inline constexpr DiagnosticKind kScaleRatio{
    "BM-IMPORT-024",
    "the scales {} and {} of its inputs have no ratio of 62-bit integers for all channels; "
    "quantise both inputs with one scale"};
inline constexpr DiagnosticKind kPadding{
    "BM-IMPORT-025",
    "padding with {} is no integer code of scale {} and offset {}; choose a zero point that "
    "is an integer"};
inline constexpr DiagnosticKind kTwoQuantisers{
    "BM-IMPORT-026", "quantises graph input {} a second time, unlike {}; use one quantiser for both"};
inline constexpr DiagnosticKind kLevels{
    "BM-IMPORT-027",
    "{} output levels exceed the {} of thresholds and no multiplier of {} bits is exact; "
    "quantise to fewer bits"};
inline constexpr DiagnosticKind kScaleSign{
    "BM-IMPORT-028",
    "max pooling follows a function that grows in some channels and falls in others; put the "
    "quantiser before the pooling"};

inline constexpr DiagnosticKind kNoActivationQuantiser{
    "BM-IMPORT-029",
    "its input {} follows a nonlinear operator without a quantiser; insert a Quant node before it"};

// Layout and use.
inline constexpr DiagnosticKind kPixelConstant{
    "BM-IMPORT-030",
    "constant {} of shape {} differs between the pixels of one channel of {}; use one value "
    "per channel"};
inline constexpr DiagnosticKind kLayout{
    "BM-IMPORT-031",
    "needs channels and pixels in order and the preceding Reshape or Transpose gives {}; "
    "remove them or move them after the last layer"};
inline constexpr DiagnosticKind kPadUse{
    "BM-IMPORT-032",
    "follows a Pad node and only convolution, pooling and elementwise operators may; move "
    "the Pad directly before a convolution"};
inline constexpr DiagnosticKind kAfterTail{
    "BM-IMPORT-033", "follows {}, which runs on the host after the network; remove it or make {} the output"};
inline constexpr DiagnosticKind kWindow{"BM-IMPORT-034", "{} is not supported; {}"};

}  // namespace bitmason::import::diagnostics
