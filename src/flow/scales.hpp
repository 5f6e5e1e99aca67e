#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ir/network.hpp"

namespace bitmason::flow {

/// How the codes of an output in the file's shape become its values: value = code * scale + offset. Both
/// have one entry for all, or one for each index of `axis` of the file's shape (batch first), or one for
/// each element of a frame in C order.
struct CodeScale {
  std::vector<Rational> scale;
  std::vector<Rational> offset;
  std::optional<int> axis;
};

/// Nothing where the values are no affine function of the codes.
std::optional<CodeScale> code_scale(const ir::Network& network, const ir::OutputPort& port);

/// One line for each output: its scale and offset, and the host's operators that codes leave out.
std::string codes_text(const ir::Network& network);

}  // namespace bitmason::flow
