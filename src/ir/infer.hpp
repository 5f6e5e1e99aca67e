#pragma once

#include <span>
#include <string>

#include "base/result.hpp"
#include "ir/network.hpp"

namespace bitmason::ir {

/// Shape and exact range of what the operation makes of these inputs; every parameter is checked against
/// them. Errors: BM-IR-001, 003..014, 017.
Result<TensorType> infer(std::string_view where, const Operation& operation,
                         std::span<const TensorType> inputs);

/// "(C, H, W)"
std::string to_text(const Shape& shape);

}  // namespace bitmason::ir
