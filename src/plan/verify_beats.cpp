#include "plan/verify_beats.hpp"

#include <fmt/format.h>

#include "plan/conv_geometry.hpp"

namespace bitmason::plan {

namespace {

std::string width_fault(const char* which, int values, const ir::Shape& shape) {
  if (values >= 1 && shape.channels % values == 0) return {};
  if (values >= 1 && values % shape.channels == 0 && shape.width % (values / shape.channels) == 0) return {};
  return fmt::format(
      "{} values {} a beat are neither a divisor of {} channels nor whole pixels that divide {}", values,
      which, shape.channels, shape.width);
}

/// Of the engine's input: the pixels of a beat go to different banks of its line buffer.
std::string input_fault(const ConvPlan& conv, const ConvGeometry& geometry) {
  const int pixels = conv.input_pixels;
  if (pixels == 1) return {};
  if (pixels < 1 || conv.block_pixels() % pixels != 0 || conv.simd != geometry.in.channels)
    return fmt::format("{} input pixels need all {} channels and divide the {} of a block", pixels,
                       geometry.in.channels, conv.block_pixels());
  if (conv.external() || conv.constants) return "external and constant weights take single pixels";
  return {};
}

/// Of results that leave as whole blocks (rtl/bm_conv_align.sv).
std::string block_fault(const ConvPlan& conv, const ConvGeometry& geometry) {
  const ir::Window& window = geometry.window;
  const int pixels = conv.block_pixels();
  if (!conv.aligned) return {};
  if (conv.pe() != geometry.out.channels || conv.external())
    return fmt::format("whole blocks need all {} output channels in parallel, not {}, and resident weights",
                       geometry.out.channels, conv.pe());
  if (geometry.out.width % pixels != 0)
    return fmt::format("blocks of {} pixels do not divide rows of {}", pixels, geometry.out.width);
  if (pixels * conv.pe() % conv.output_channels_per_beat != 0)
    return fmt::format("{} values a beat do not divide the {} of a block", conv.output_channels_per_beat,
                       pixels * conv.pe());
  if (conv.packing.family != pack::Family::Convolution) return {};
  const int late = window.kernel_w - 1 - window.pad_left;
  if (geometry.real_padding_columns || geometry.out.width != geometry.in.width || late >= pixels)
    return fmt::format(
        "a block of {} pixels cannot be completed by the next with {} late sums, {} columns for {}", pixels,
        late, geometry.out.width, geometry.in.width);
  const int ends = (window.pad_left > 0 ? 1 : 0) + (window.pad_right > 0 ? 1 : 0);
  if (conv.centre != 0 &&
      (window.pad_left > pixels || window.pad_right > pixels || geometry.out.width / pixels <= ends))
    return "centred codes need a block between those at the ends of a row";
  return {};
}

/// Of several arrays with the same weights.
std::string group_fault(const ConvPlan& conv, const ConvGeometry& geometry) {
  if (conv.pixel_groups == 1) return {};
  const bool rows = conv.packing.family == pack::Family::Convolution;
  const bool possible = rows || (geometry.window.kernel_w == 1 && geometry.window.stride_w == 1);
  if (conv.pixel_groups < 1 || !possible || conv.external() || conv.constants || conv.accumulates())
    return fmt::format("{} arrays cannot share the weights of neighbouring pixels", conv.pixel_groups);
  return {};
}

std::string other_fault(const ir::Network& network, const ir::Layer& layer, const LayerPlan& plan) {
  const int taken = taken_per_beat(plan);
  for (const ir::TensorId input : layer.inputs) {
    if (auto fault = width_fault("taken", taken, network.type(input).shape); !fault.empty()) return fault;
  }
  const int channels = layer.type.shape.channels;
  const bool wide = plan.channels_per_beat > channels || taken > channels;
  if (taken == plan.channels_per_beat) {
    const bool alike = std::holds_alternative<ir::Input>(layer.operation) ||
                       std::holds_alternative<ir::Add>(layer.operation) ||
                       std::holds_alternative<ir::Requantise>(layer.operation);
    return !wide || alike ? "" : "the layer does not treat all values of a beat alike";
  }
  const ir::Window* window = nullptr;
  if (const auto* pool = std::get_if<ir::MaxPool>(&layer.operation)) window = &pool->window;
  if (const auto* pool = std::get_if<ir::SumPool>(&layer.operation)) window = &pool->window;
  if (window == nullptr || window->has_padding() || window->kernel_w != window->stride_w ||
      taken != plan.channels_per_beat * window->kernel_w || taken % channels != 0)
    return fmt::format("{} values taken for {} sent need a pool without padding or overlap of columns", taken,
                       plan.channels_per_beat);
  return {};
}

}  // namespace

int taken_per_beat(const LayerPlan& plan) {
  if (plan.conv) return plan.conv->simd * plan.conv->input_pixels;
  return plan.input_channels_per_beat == 0 ? plan.channels_per_beat : plan.input_channels_per_beat;
}

std::string beat_fault(const ir::Network& network, const ir::Layer& layer, const LayerPlan& plan) {
  if (auto fault = width_fault("sent", plan.channels_per_beat, layer.type.shape); !fault.empty())
    return fault;
  if (!plan.conv || !std::holds_alternative<ir::Conv>(layer.operation))
    return other_fault(network, layer, plan);
  const ConvGeometry geometry = geometry_of(network, layer);
  if (auto fault = width_fault("taken", taken_per_beat(plan), geometry.in); !fault.empty()) return fault;
  if (auto fault = group_fault(*plan.conv, geometry); !fault.empty()) return fault;
  if (auto fault = input_fault(*plan.conv, geometry); !fault.empty()) return fault;
  if (plan.channels_per_beat > layer.type.shape.channels && !plan.conv->aligned)
    return "the engine sends single pixels unless whole blocks leave it";
  return block_fault(*plan.conv, geometry);
}

}  // namespace bitmason::plan
