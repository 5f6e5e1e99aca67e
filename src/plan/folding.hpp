#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "plan/conv_geometry.hpp"
#include "plan/plan.hpp"

/// What the numbers of a folding file ask of a layer.
namespace bitmason::plan {

/// The numbers of an entry by their names in the file.
inline constexpr std::array<std::pair<std::string_view, std::optional<int> Folding::Entry::*>, 5>
    kFoldingNumbers{{{"PE", &Folding::Entry::pe},
                     {"SIMD", &Folding::Entry::simd},
                     {"kernel_rows", &Folding::Entry::kernel_rows},
                     {"pixels", &Folding::Entry::pixels},
                     {"pixel_groups", &Folding::Entry::pixel_groups}}};

/// The layer's own entry over the defaults of its kind. An input has no node in FINN, so defaults leave it
/// alone.
Folding::Entry entry_of(const Folding& folding, const ir::Network& network, const ir::Layer& layer);

/// Inputs that FINN's SIMD multiplies at once for each output channel (its engines split Cin * k * k, or k *
/// k of a depthwise layer), where `entry` means that: SIMD does not divide the input channels but does divide
/// FINN's product, or, depthwise, PE says otherwise. Nothing where SIMD counts input channels, as in this
/// program's own files.
std::optional<int> finn_inputs(const Folding::Entry& entry, const ConvGeometry& geometry);

/// Inputs that an implementation multiplies at once for each output channel and pixel: input channels, or one
/// where depthwise, times kernel rows and, in the Convolution family, kernel columns.
int parallel_inputs(const ConvGeometry& geometry, const ConvPlan& plan);

/// One line where the chosen implementation stands for a SIMD of FINN's.
std::optional<std::string> folding_note(const Folding::Entry& entry, const ir::Network& network,
                                        const ir::Layer& layer, const ConvPlan& plan);

}  // namespace bitmason::plan
