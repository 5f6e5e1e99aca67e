#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "device/device.hpp"
#include "plan/plan.hpp"

/// How much of what its DSPs could compute a design needs.
namespace bitmason::plan {

/// Side bits of the packings that utilisation is measured against; denser ones cost more LUTs than they save
/// DSPs.
constexpr int kReferenceSideBits = 2;

/// A Conv layer whose products DSPs compute.
struct LayerUtilisation {
  std::string layer;
  std::int64_t macs = 0;  ///< of a frame; taps in the padding count
  std::int64_t dsps = 0;
  double density = 0;   ///< MACs per DSP and cycle of the densest known packing of its operands
  double share = 0;     ///< macs / (dsps * density * interval)
  std::string densest;  ///< that packing, and the method above it
};

struct Utilisation {
  std::vector<LayerUtilisation> layers;
  std::vector<std::string> lut_layers;  ///< Conv layers whose products LUTs compute
  std::int64_t requantise_dsps = 0;     ///< DSPs of multiplier and shift
  double share = 0;  ///< MACs of `layers` / (sum of dsps * density, times the interval); 0 without layers
};

/// Measures a plan against the densest point of each layer's packing front with at most kReferenceSideBits:
/// any method and coding, also those that no engine uses. `interval`: planned or simulated. Deterministic.
/// Cost: below a second for each distinct kind of operands.
Utilisation utilisation(const ir::Network& network, const device::Primitive& primitive, const Plan& plan,
                        Cycles interval);

}  // namespace bitmason::plan
