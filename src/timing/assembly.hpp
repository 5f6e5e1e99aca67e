#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hw/design.hpp"
#include "timing/plumbing.hpp"

namespace bitmason::timing {

/// What a pipeline that moves as a whole may hold while its output waits.
enum class Capacity {
  Exact,  ///< as many beats as have entered it, cycle by cycle as the RTL
  Least   ///< one beat, which it holds whatever the timing: for proofs that no timing deadlocks
};

/// The units of a design, producers before consumers, and what a run watches.
struct Assembly {
  struct Port {
    Wire* wire = nullptr;
    std::int64_t beats = 0;  ///< of a frame
  };
  std::deque<Wire> wires;
  std::vector<std::unique_ptr<Unit>> units;
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  std::map<std::string, Fifo*> fifos;  ///< by the instance's name
};

/// A FIFO's memory.
struct Depth {
  int beats = 2;
  bool block = false;
};
/// Depths other than those in the design, by the name of the FIFO's instance.
using Depths = std::map<std::string, Depth>;

Assembly assemble(const hw::Design& design, Capacity capacity, const Depths& depths);

}  // namespace bitmason::timing
