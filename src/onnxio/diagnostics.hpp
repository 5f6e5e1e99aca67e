#pragma once

#include "base/diagnostic.hpp"

/// The onnxio room's table of diagnostics.
namespace bitmason::onnxio::diagnostics {

inline constexpr DiagnosticKind kNotOnnx{
    "BM-ONNX-001",
    "the {} bytes are not an ONNX model (no complete protobuf message); export the network again"};
inline constexpr DiagnosticKind kNoGraph{"BM-ONNX-002",
                                         "the model holds no graph with nodes; export the network again"};
inline constexpr DiagnosticKind kExternalData{
    "BM-ONNX-003", "keeps its values in another file ({}); save the model with all data in one file"};
inline constexpr DiagnosticKind kBadDimension{
    "BM-ONNX-004", "shape {} has a negative size or more than {} elements; give a valid, smaller shape"};
inline constexpr DiagnosticKind kDataSize{
    "BM-ONNX-005", "shape {} of {} needs {} {} and the file holds {}; export the network again"};
inline constexpr DiagnosticKind kElementType{
    "BM-ONNX-006", "element type {} is not supported; store the tensor as float or as an integer"};
inline constexpr DiagnosticKind kDuplicateName{
    "BM-ONNX-007", "two {} have this name and 1 is allowed; give each its own name"};
inline constexpr DiagnosticKind kElementValue{
    "BM-ONNX-008", "element {} is {}, outside the range of {}; export the network again"};
inline constexpr DiagnosticKind kSparse{
    "BM-ONNX-009", "{} sparse initializers are not supported; store them as dense tensors"};
inline constexpr DiagnosticKind kDuplicateAttribute{
    "BM-ONNX-010", "attribute {} is given twice and 1 is allowed; export the network again"};
inline constexpr DiagnosticKind kNotTensor{
    "BM-ONNX-011",
    "the {} bytes are not an ONNX tensor (no complete protobuf message); write the tensor again"};

}  // namespace bitmason::onnxio::diagnostics
