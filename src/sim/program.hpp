#pragma once

#include <memory>
#include <vector>

#include "sim/steps.hpp"

namespace bitmason::sim {

/// A network prepared for one instruction set: slots for its tensors and steps in order. Immutable, shared by
/// all threads.
class Program {
 public:
  Program(const ir::Network& network, Isa isa, bool keep_all);

  [[nodiscard]] const std::vector<Slot>& slots() const { return slots_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Step>>& steps() const { return steps_; }
  /// Slot of each layer's tensor; -1 where the tensor exists only as accumulators in flight.
  [[nodiscard]] const std::vector<int>& slot_of() const { return slot_of_; }
  /// Layers whose codes the trace returns.
  [[nodiscard]] const std::vector<bool>& kept() const { return kept_; }
  /// Layer and slot of each network input.
  [[nodiscard]] const std::vector<int>& input_layers() const { return input_layers_; }

 private:
  friend class ProgramBuilder;
  std::vector<Slot> slots_;
  std::vector<std::unique_ptr<Step>> steps_;
  std::vector<int> slot_of_;
  std::vector<bool> kept_;
  std::vector<int> input_layers_;
};

}  // namespace bitmason::sim
