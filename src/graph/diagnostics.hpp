#pragma once

#include "base/diagnostic.hpp"

/// The graph room's table of diagnostics.
namespace bitmason::graph::diagnostics {

inline constexpr DiagnosticKind kShape{"BM-GRAPH-001",
                                       "{} of {} does not fit {}; correct the shapes of the network"};
inline constexpr DiagnosticKind kLast{
    "BM-GRAPH-002", "the network ends with {} and a convolution or dense layer is needed; cut it there"};

inline constexpr DiagnosticKind kOperator{"BM-GRAPH-010",
                                          "operator {} cannot be trained; replace it by those that "
                                          "docs/training.md lists, or cut the network before it"};
inline constexpr DiagnosticKind kAttribute{
    "BM-GRAPH-011", "attribute {} is {} and {} is needed; export the node again with that"};
inline constexpr DiagnosticKind kOperand{
    "BM-GRAPH-012", "input {} is {} and {} is needed; export the network again with its constants folded"};
inline constexpr DiagnosticKind kConstant{
    "BM-GRAPH-013",
    "constant {} has {} elements and {} are needed; use one for all channels or one per channel"};
inline constexpr DiagnosticKind kQuantiser{
    "BM-GRAPH-014", "the quantiser's {} is {} and {} is needed; change the quantiser, or remove it"};
inline constexpr DiagnosticKind kPorts{
    "BM-GRAPH-015",
    "the file has {} {} and 1 of fixed shape (1, C, H, W) is needed; export it for one image"};

inline constexpr DiagnosticKind kPixel{
    "BM-GRAPH-016",
    "the file's property is {} and a number above 0 is needed; correct it or say what a pixel is worth"};

inline constexpr DiagnosticKind kBitsCount{
    "BM-GRAPH-020", "{} layers have weights and {} numbers are given; give one per layer, or one for all"};
inline constexpr DiagnosticKind kBitsRange{"BM-GRAPH-021",
                                           "number {} is {}, outside 1 to 8; give 1 to 8 bits"};

}  // namespace bitmason::graph::diagnostics
