#pragma once

#include <string>
#include <utility>
#include <vector>

#include "hw/builder.hpp"

/// A module of instances joined by plain vectors, without handshakes: the inside of a block whose latencies
/// are known. emit::print_module() writes it.
namespace bitmason::hw {

struct Net {
  std::string name;
  int width = 1;
};

/// Bits of a net, or zeros where `net` is negative.
struct Slice {
  int net = -1;
  int at = 0;
  int width = 1;
};

/// Slices side by side, the first in the lowest bits.
using Bits = std::vector<Slice>;
int width_of(const Bits& bits);

struct Connection {
  std::string port;
  Bits bits;
};

struct Cell {
  std::string name;
  std::string module;  ///< under rtl/
  Parameters parameters;
  std::vector<Connection> inputs;
  std::vector<Connection> outputs;  ///< whole nets; none: left open
};

struct Module {
  std::string name;
  std::string about;  ///< one line for its head
  std::vector<Net> nets;
  std::vector<int> inputs;  ///< nets that are ports; clk and rst are always there
  std::vector<int> outputs;
  std::vector<Cell> cells;
  std::vector<std::pair<int, Bits>> assigns;

  int add_net(std::string net, int width);
  [[nodiscard]] Bits all_of(int net) const { return {{net, 0, nets[static_cast<std::size_t>(net)].width}}; }
};

/// Bits [at, at + width) of the concatenation.
Bits part_of(const Bits& bits, int at, int width);
/// The value extended, or cut, to `width` bits.
Bits resized(const Bits& bits, int width, bool is_signed);
void append(Bits& bits, const Bits& more);

}  // namespace bitmason::hw
