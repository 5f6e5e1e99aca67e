#pragma once

#include "hw/design.hpp"

/// Cycles of pipelines, from the parameters of an instance; the formulas are those of the modules' headers.
namespace bitmason::timing {

/// Stages of rtl/bm_add.sv.
int sum_stages(const hw::Instance& instance);

/// Cycles of rtl/bm_requant_threshold.sv from a beat's entrance to its code.
int threshold_latency(const hw::Instance& instance);

/// Cycles of rtl/bm_requant_scale.sv from a beat's entrance to its code.
int scale_latency(const hw::Instance& instance);

}  // namespace bitmason::timing
