#include <vector>

#include "hw/lower_layers.hpp"
#include "hw/word.hpp"
#include "plan/conv_geometry.hpp"

/// The words of bm_conv's memories, as docs/hardware.md lays them out.
namespace bitmason::hw {

namespace {

/// Weight of a group's output channel over all input channels; 0 where they are in different groups.
std::int64_t dense_weight(const ir::Conv& conv, int output, int input, int row, int column) {
  const int inputs = conv.weights.in_channels;
  const int group = output / (conv.weights.out_channels / conv.groups);
  const int local = input - group * inputs;
  return local < 0 || local >= inputs ? 0 : conv.weights.at(output, local, row, column);
}

/// What one step of one group multiplies.
struct Step {
  int group = 0;
  int row_group = 0;
  int tap = 0;  ///< OuterProduct: the kernel column
  int channel_group = 0;
};

/// One word of the weight memory: lanes, columns, operand weights.
Word weight_word(const ir::Conv& conv, const plan::ConvPlan& plan, const Step& step, int weight_bits) {
  const bool outer = plan.packing.family == pack::Family::OuterProduct;
  const int operands = static_cast<int>(plan.packing.weight_offsets.size());
  Word word;
  for (int lane = 0; lane < plan.simd * plan.kernel_rows; ++lane) {
    const int row = step.row_group * plan.kernel_rows + lane / plan.simd;
    const int input = (plan.depthwise ? step.group : step.channel_group) * plan.simd + lane % plan.simd;
    for (int column = 0; column < plan.columns; ++column) {
      for (int operand = 0; operand < operands; ++operand) {
        const int per_column = outer ? operands : 1;
        const int output =
            plan.depthwise ? input : step.group * plan.pe() + column * per_column + (outer ? operand : 0);
        const int tap = outer ? step.tap : conv.weights.kernel_w - 1 - operand;
        word.append(plan.depthwise ? conv.weights.at(output, 0, row, tap)
                                   : dense_weight(conv, output, input, row, tap),
                    weight_bits);
      }
    }
  }
  return word;
}

/// What an output's sum lacks where `centre` was taken off every code: centre times the sum of the weights
/// that meet codes. Class k of columns: the first pad_left ones, one for all between, the last pad_right
/// ones.
std::int64_t centre_bias(const ir::Conv& conv, const plan::ConvGeometry& geometry, const plan::ConvPlan& plan,
                         int output, int column_class) {
  const ir::Window& w = geometry.window;
  const bool skips = plan.packing.family == pack::Family::Convolution;
  const int column = column_class <= w.pad_left
                         ? column_class
                         : geometry.out.width - w.pad_right + column_class - w.pad_left - 1;
  std::int64_t sum = 0;
  for (int kx = 0; kx < w.kernel_w; ++kx) {
    const int x = column + kx - w.pad_left;
    if (skips && (x < 0 || x >= geometry.in.width)) continue;
    for (int ky = 0; ky < w.kernel_h; ++ky) {
      for (int input = 0; input < conv.weights.in_channels; ++input) {
        sum += conv.weights.at(output, input, ky, kx);
      }
    }
  }
  return sum * plan.centre;
}

/// Classes of columns of the pixels that a word of the bias memory serves, word by word: one pixel of each
/// class, or whole blocks of the row's head, of its middle and of its end.
std::vector<std::vector<int>> bias_classes(const plan::ConvGeometry& geometry, const plan::ConvPlan& plan) {
  const bool differ = plan.centre != 0 && plan.packing.family == pack::Family::Convolution;
  const int left = differ ? geometry.window.pad_left : 0;
  const int right = differ ? geometry.window.pad_right : 0;
  std::vector<std::vector<int>> words;
  if (!plan.aligned) {
    for (int column_class = 0; column_class <= left + right; ++column_class) words.push_back({column_class});
    return words;
  }
  const std::vector<int> middle(static_cast<std::size_t>(plan.block_pixels()), left);
  words.assign(static_cast<std::size_t>(1 + (left > 0 ? 1 : 0) + (right > 0 ? 1 : 0)), middle);
  for (int k = 0; k < left; ++k) words.front()[static_cast<std::size_t>(k)] = k;
  for (int k = 0; k < right; ++k)
    words.back()[middle.size() - static_cast<std::size_t>(right - k)] = left + 1 + k;
  return words;
}

}  // namespace

MemoryFile weight_memory(const ir::Conv& conv, const ir::Shape& in, const plan::ConvPlan& plan,
                         int weight_bits) {
  const bool outer = plan.packing.family == pack::Family::OuterProduct;
  const int groups = conv.weights.out_channels / plan.pe();
  const int channel_groups = plan.depthwise ? 1 : in.channels / plan.simd;
  MemoryFile memory;
  Step step;
  for (step.group = 0; step.group < groups; ++step.group) {
    for (step.row_group = 0; step.row_group < conv.weights.kernel_h / plan.kernel_rows; ++step.row_group) {
      for (step.tap = 0; step.tap < (outer ? conv.weights.kernel_w : 1); ++step.tap) {
        for (step.channel_group = 0; step.channel_group < channel_groups; ++step.channel_group) {
          const Word word = weight_word(conv, plan, step, weight_bits);
          memory.width = word.bits();
          memory.words.push_back(word.limbs());
        }
      }
    }
  }
  return memory;
}

MemoryFile bias_memory(const ir::Conv& conv, const plan::ConvGeometry& geometry, const plan::ConvPlan& plan,
                       int bits) {
  const int pe = plan.pe();
  MemoryFile memory;
  for (const std::vector<int>& classes : bias_classes(geometry, plan)) {
    for (int group = 0; group < conv.weights.out_channels / pe; ++group) {
      Word word;
      for (const int column_class : classes) {
        for (int output = group * pe; output < (group + 1) * pe; ++output) {
          const std::int64_t own = conv.bias.empty() ? 0 : conv.bias[static_cast<std::size_t>(output)];
          word.append(own + centre_bias(conv, geometry, plan, output, column_class), bits);
        }
      }
      memory.width = word.bits();
      memory.words.push_back(word.limbs());
    }
  }
  return memory;
}

}  // namespace bitmason::hw
