#pragma once

#include <string>

#include "plan/conv_geometry.hpp"
#include "plan/plan.hpp"

namespace bitmason::plan {

/// What is wrong with a layer's weights in external memory, from the loops alone; empty where nothing is.
std::string external_fault(const ir::Layer& layer, const LayerPlan& plan, const ConvGeometry& geometry,
                           int port_bits);

}  // namespace bitmason::plan
