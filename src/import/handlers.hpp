#pragma once

#include <string_view>

#include "import/scope.hpp"

/// One function per operator of the file; each returns the node's output values or records findings.
namespace bitmason::import {

using Handler = Values (*)(Scope&);

// quantisers.cpp, qcdq.cpp
Values import_quant(Scope& scope);
Values import_bipolar_quant(Scope& scope);
Values import_trunc(Scope& scope);
Values import_multi_threshold(Scope& scope);
Values import_quantize_linear(Scope& scope);
Values import_dequantize_linear(Scope& scope);

// conv.cpp, dense.cpp
Values import_conv(Scope& scope);
Values import_gemm(Scope& scope);
Values import_mat_mul(Scope& scope);

// elementwise.cpp, merge.cpp
Values import_add(Scope& scope);
Values import_sub(Scope& scope);
Values import_mul(Scope& scope);
Values import_div(Scope& scope);
Values import_neg(Scope& scope);
Values import_relu(Scope& scope);
Values import_clip(Scope& scope);
Values import_batch_normalization(Scope& scope);
Values add_streams(Scope& scope, int sign);
Values import_concat(Scope& scope);

// pool.cpp
Values import_max_pool(Scope& scope);
Values import_average_pool(Scope& scope);
Values import_global_average_pool(Scope& scope);
Values import_global_max_pool(Scope& scope);
Values import_reduce_mean(Scope& scope);
Values import_pad(Scope& scope);

// blocks.cpp
Values import_space_to_depth(Scope& scope);
Values import_depth_to_space(Scope& scope);
Values import_resize(Scope& scope);

// reshape.cpp
Values import_reshape(Scope& scope);
Values import_flatten(Scope& scope);
Values import_transpose(Scope& scope);
Values import_squeeze(Scope& scope);
Values import_unsqueeze(Scope& scope);
Values import_identity(Scope& scope);
Values import_cast(Scope& scope);
Values import_shape(Scope& scope);

// fold.cpp: constants only
Values fold_constant(Scope& scope);
Values fold_constant_of_shape(Scope& scope);
Values fold_gather(Scope& scope);
Values fold_slice(Scope& scope);
Values fold_pow(Scope& scope);
Values fold_sqrt(Scope& scope);
Values fold_reciprocal(Scope& scope);

// tail.cpp
Values import_softmax(Scope& scope);
Values import_arg_max(Scope& scope);
Values import_top_k(Scope& scope);
Values import_sigmoid(Scope& scope);

/// The handler of an operator; null where it is not supported.
Handler find_handler(const onnxio::Node& node);
/// What to do about an unsupported operator.
std::string_view advice_for(const onnxio::Node& node);

}  // namespace bitmason::import
