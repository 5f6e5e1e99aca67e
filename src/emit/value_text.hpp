#pragma once

#include <string>

#include "hw/design.hpp"

namespace bitmason::emit {

/// The value of a module's parameter as SystemVerilog.
std::string value_text(const hw::ParameterValue& value);

}  // namespace bitmason::emit
