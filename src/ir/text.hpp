#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ir/network.hpp"

namespace bitmason::ir {

/// The whole network as JSON text; parse_network reads it back to an equal network. Deterministic.
std::string to_json(const Network& network);

/// Errors: BM-IR-020 with the path of the offending value.
Result<Network> parse_network(std::string_view json);

/// One line per layer: name, kind, shape, range, widths.
std::string summary(const Network& network);

}  // namespace bitmason::ir
