#include <algorithm>
#include <array>

#include "import/handlers.hpp"

namespace bitmason::import {

namespace {

struct Entry {
  std::string_view name;
  Handler handler;
};

constexpr std::array kStandard{
    Entry{"Add", import_add},
    Entry{"ArgMax", import_arg_max},
    Entry{"AveragePool", import_average_pool},
    Entry{"BatchNormalization", import_batch_normalization},
    Entry{"Cast", import_cast},
    Entry{"Clip", import_clip},
    Entry{"Concat", import_concat},
    Entry{"Constant", fold_constant},
    Entry{"ConstantOfShape", fold_constant_of_shape},
    Entry{"Conv", import_conv},
    Entry{"DepthToSpace", import_depth_to_space},
    Entry{"DequantizeLinear", import_dequantize_linear},
    Entry{"Div", import_div},
    Entry{"Dropout", import_identity},
    Entry{"Flatten", import_flatten},
    Entry{"Gather", fold_gather},
    Entry{"Gemm", import_gemm},
    Entry{"GlobalAveragePool", import_global_average_pool},
    Entry{"GlobalMaxPool", import_global_max_pool},
    Entry{"Identity", import_identity},
    Entry{"MatMul", import_mat_mul},
    Entry{"MaxPool", import_max_pool},
    Entry{"Mul", import_mul},
    Entry{"Neg", import_neg},
    Entry{"Pad", import_pad},
    Entry{"Pow", fold_pow},
    Entry{"QuantizeLinear", import_quantize_linear},
    Entry{"Reciprocal", fold_reciprocal},
    Entry{"ReduceMean", import_reduce_mean},
    Entry{"Relu", import_relu},
    Entry{"Reshape", import_reshape},
    Entry{"Resize", import_resize},
    Entry{"Shape", import_shape},
    Entry{"Sigmoid", import_sigmoid},
    Entry{"Slice", fold_slice},
    Entry{"Softmax", import_softmax},
    Entry{"SpaceToDepth", import_space_to_depth},
    Entry{"Sqrt", fold_sqrt},
    Entry{"Squeeze", import_squeeze},
    Entry{"Sub", import_sub},
    Entry{"TopK", import_top_k},
    Entry{"Transpose", import_transpose},
    Entry{"Unsqueeze", import_unsqueeze},
    Entry{"Upsample", import_resize},
};

constexpr std::array kQuantisers{
    Entry{"BipolarQuant", import_bipolar_quant},
    Entry{"IntQuant", import_quant},
    Entry{"MultiThreshold", import_multi_threshold},
    Entry{"Quant", import_quant},
    Entry{"Trunc", import_trunc},
};

constexpr std::array<std::string_view, 3> kQuantiserDomains{"qonnx.custom_op.general",
                                                            "finn.custom_op.general", "onnx.brevitas"};

template <std::size_t N>
Handler look_up(const std::array<Entry, N>& table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &Entry::name);
  return found == table.end() ? nullptr : found->handler;
}

struct Advice {
  std::string_view name;
  std::string_view text;
};

constexpr std::array kAdvice{
    Advice{"FloatQuant", "floating-point codes are no integers: use IntQuant"},
    Advice{"ConvTranspose", "transposed convolution: use nearest Resize followed by Conv"},
    Advice{"Selu", "replace the activation by Relu and retrain"},
    Advice{"Elu", "replace the activation by Relu and retrain"},
    Advice{"Celu", "replace the activation by Relu and retrain"},
    Advice{"Gelu", "replace the activation by Relu and retrain"},
    Advice{"LeakyRelu", "replace the activation by Relu and retrain"},
    Advice{"PRelu", "replace the activation by Relu and retrain"},
    Advice{"Softplus", "replace the activation by Relu and retrain"},
    Advice{"HardSwish", "replace the activation by Relu and retrain"},
    Advice{"HardSigmoid", "replace the activation by Clip and retrain"},
    Advice{"Tanh", "replace the activation by Clip to [-1, 1] and retrain"},
    Advice{"Pow", "replace it by Mul with a constant, or remove it"},
    Advice{"LSTM", "recurrent layers have no fixed frame: use convolutional layers"},
    Advice{"GRU", "recurrent layers have no fixed frame: use convolutional layers"},
    Advice{"RNN", "recurrent layers have no fixed frame: use convolutional layers"},
    Advice{"If", "export the model with the branch resolved"},
    Advice{"Loop", "export the model with the loop unrolled"},
};

}  // namespace

Handler find_handler(const onnxio::Node& node) {
  if (node.domain.empty() || node.domain == "ai.onnx") return look_up(kStandard, node.op_type);
  if (std::ranges::count(kQuantiserDomains, node.domain) > 0) return look_up(kQuantisers, node.op_type);
  return nullptr;
}

std::string_view advice_for(const onnxio::Node& node) {
  const auto found = std::ranges::find(kAdvice, node.op_type, &Advice::name);
  return found == kAdvice.end() ? "replace it by supported operators (see docs/import.md)" : found->text;
}

}  // namespace bitmason::import
