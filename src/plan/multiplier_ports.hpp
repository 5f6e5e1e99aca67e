#pragma once

#include <vector>

#include "device/device.hpp"
#include "pack/packing.hpp"

/// A primitive as the packing room knows it.
namespace bitmason::plan {

/// The ports of the whole multiplier.
pack::MultiplierPorts ports_of(const device::Primitive& primitive);

/// Those of the narrower multipliers that the primitive can be split into; empty where it cannot.
std::vector<pack::MultiplierPorts> split_ports_of(const device::Primitive& primitive);

/// The same where modules compute so.
std::vector<pack::MultiplierPorts> usable_split_ports_of(const device::Primitive& primitive);

}  // namespace bitmason::plan
