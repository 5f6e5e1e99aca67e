#include "plan/folding.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bitmason::plan {

namespace {

/// FINN's operator types with parallelism (without the endings _Batch, _hls and _rtl) and the kind of layer
/// here.
struct FinnType {
  std::string_view name;
  std::string_view kind;
  std::optional<bool> depthwise{};
};

constexpr std::array kFinnTypes{FinnType{"MVAU", "conv", false},
                                FinnType{"MatrixVectorActivation", "conv", false},
                                FinnType{"StreamingFCLayer", "conv", false},
                                FinnType{"VVAU", "conv", true},
                                FinnType{"VectorVectorActivation", "conv", true},
                                FinnType{"Vector_Vector_Activate", "conv", true},
                                FinnType{"Thresholding", "requantise"},
                                FinnType{"StreamingMaxPool", "max_pool"},
                                FinnType{"GlobalAccPool", "sum_pool"},
                                FinnType{"AddStreams", "add"}};

std::string_view without_ending(std::string_view type) {
  for (const std::string_view ending : {"_Batch", "_hls", "_rtl"}) {
    if (type.ends_with(ending)) return type.substr(0, type.size() - ending.size());
  }
  return type;
}

bool names(std::string_view type, const ir::Network& network, const ir::Layer& layer) {
  const std::string_view kind = ir::kind_name(layer.operation);
  if (type == kind) return true;
  const auto* found = std::ranges::find(kFinnTypes, without_ending(type), &FinnType::name);
  if (found == kFinnTypes.end() || found->kind != kind) return false;
  return !found->depthwise || *found->depthwise == geometry_of(network, layer).depthwise;
}

void overlay(Folding::Entry& under, const Folding::Entry& over) {
  for (const auto& [name, number] : kFoldingNumbers) {
    if (over.*number) under.*number = over.*number;
  }
}

}  // namespace

Folding::Entry entry_of(const Folding& folding, const ir::Network& network, const ir::Layer& layer) {
  Folding::Entry entry;
  const bool has_node = !layer.inputs.empty();
  for (const Folding::Default& value : folding.defaults) {
    const bool applies = value.kinds.empty() ||
                         std::any_of(value.kinds.begin(), value.kinds.end(),
                                     [&](const std::string& type) { return names(type, network, layer); });
    if (has_node && applies) overlay(entry, value.entry);
  }
  const auto own = folding.layers.find(layer.name);
  if (own != folding.layers.end()) overlay(entry, own->second);
  return entry;
}

std::optional<int> finn_inputs(const Folding::Entry& entry, const ConvGeometry& geometry) {
  if (!entry.simd || entry.kernel_rows) return std::nullopt;
  const bool counts_channels = geometry.in.channels % *entry.simd == 0 &&
                               (!geometry.depthwise || !entry.pe || *entry.pe == *entry.simd);
  const std::int64_t product = std::int64_t{geometry.window.kernel_h} * geometry.window.kernel_w *
                               (geometry.depthwise ? 1 : geometry.in.channels);
  if (counts_channels || product % *entry.simd != 0) return std::nullopt;
  return entry.simd;
}

int parallel_inputs(const ConvGeometry& geometry, const ConvPlan& plan) {
  const bool row = plan.packing.family == pack::Family::Convolution;
  return (geometry.depthwise ? 1 : plan.simd) * plan.kernel_rows * (row ? geometry.window.kernel_w : 1);
}

std::optional<std::string> folding_note(const Folding::Entry& entry, const ir::Network& network,
                                        const ir::Layer& layer, const ConvPlan& plan) {
  const ConvGeometry geometry = geometry_of(network, layer);
  const auto asked = finn_inputs(entry, geometry);
  if (!asked) return std::nullopt;
  const int got = parallel_inputs(geometry, plan);
  const int channels = geometry.depthwise ? 1 : plan.simd;
  return fmt::format(
      "{}: SIMD {} of the folding file splits {} as in FINN; here it is {} x {} x {} (channels x rows x "
      "columns of the kernel), {} inputs in parallel{}",
      layer.name, *asked, geometry.depthwise ? "k * k" : "Cin * k * k", channels, plan.kernel_rows,
      got / channels / plan.kernel_rows, got, got == *asked ? "" : ", the nearest below that the engine has");
}

}  // namespace bitmason::plan
