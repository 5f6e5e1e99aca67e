#include "sim/program.hpp"

#include <algorithm>
#include <cassert>

namespace bitmason::sim {

class ProgramBuilder {
 public:
  ProgramBuilder(Program& program, const ir::Network& network, Isa isa, bool keep_all)
      : program_(program), network_(network), isa_(isa), keep_all_(keep_all) {}

  void build() {
    const std::size_t count = network_.layers().size();
    program_.slot_of_.assign(count, -1);
    program_.kept_.assign(count, keep_all_);
    convolutions_.resize(count);
    for (const ir::OutputPort& port : network_.outputs()) {
      program_.kept_[static_cast<std::size_t>(port.layer)] = true;
    }
    for (const ir::InputPort& port : network_.inputs()) program_.input_layers_.push_back(port.layer);
    for (std::size_t i = 0; i < count; ++i) prepare_convolution(i);
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_fused(i)) program_.slot_of_[i] = add_slot(home_of(i));
    }
    for (std::size_t i = 0; i < count; ++i) add_steps(i);
  }

 private:
  [[nodiscard]] const ir::Layer& layer(std::size_t index) const { return network_.layers()[index]; }

  [[nodiscard]] static bool accumulates(const ir::Layer& layer) {
    return std::holds_alternative<ir::Conv>(layer.operation) ||
           std::holds_alternative<ir::SumPool>(layer.operation) ||
           std::holds_alternative<ir::Add>(layer.operation);
  }

  /// The Requantise layer that takes this layer's accumulators straight from the row that made them; -1 where
  /// the tensor itself is needed.
  [[nodiscard]] int requantiser_of(std::size_t index) const {
    if (program_.kept_[index] || !accumulates(layer(index))) return -1;
    const auto users = network_.users({static_cast<int>(index)});
    if (users.size() != 1) return -1;
    return std::holds_alternative<ir::Requantise>(network_.layer(users[0]).operation) ? users[0].index : -1;
  }
  [[nodiscard]] bool is_fused(std::size_t index) const { return requantiser_of(index) >= 0; }

  /// True where 32-bit accumulators hold this layer's sums and the codes made of them.
  [[nodiscard]] bool is_narrow(std::size_t index) const {
    const int user = requantiser_of(index);
    return fits_32(layer(index).type.range) &&
           (user < 0 || fits_32(layer(static_cast<std::size_t>(user)).type.range));
  }

  void prepare_convolution(std::size_t index) {
    const auto* conv = std::get_if<ir::Conv>(&layer(index).operation);
    if (conv == nullptr) return;
    convolutions_[index] = std::make_shared<const Convolution>(*conv, network_.type(layer(index).inputs[0]),
                                                               is_narrow(index), isa_);
  }

  /// The layout in which a layer reads its first input, where it needs a certain one.
  [[nodiscard]] std::optional<Slot> wanted_input(std::size_t index) const {
    if (convolutions_[index]) return convolutions_[index]->input();
    const auto* pool = std::get_if<ir::SumPool>(&layer(index).operation);
    if (pool == nullptr || !pool->window.has_padding()) return std::nullopt;
    const ir::TensorType& input = network_.type(layer(index).inputs[0]);
    const ir::Window& w = pool->window;
    return Slot{input.shape,
                storage_for(input.range.united({pool->pad_value, pool->pad_value})),
                {w.pad_top, w.pad_left, w.pad_bottom, w.pad_right},
                pool->pad_value};
  }

  /// Windows of several rows fix the distance between rows, hence the margins even where they need none.
  [[nodiscard]] bool suits(std::size_t index, const Slot& have, const Slot& wanted) const {
    const bool one_row = convolutions_[index] && convolutions_[index]->rows() == 1;
    if (have.storage != wanted.storage) return false;
    if (one_row && !wanted.margins.any()) return true;
    return have.margins == wanted.margins && (!wanted.margins.any() || have.fill == wanted.fill);
  }

  /// Layout of a layer's tensor: its own narrowest storage, with the margins of the first user that can read
  /// it there without a copy.
  [[nodiscard]] Slot home_of(std::size_t index) const {
    Slot home{layer(index).type.shape, storage_for(layer(index).type.range), {}, 0};
    for (const ir::TensorId user : network_.users({static_cast<int>(index)})) {
      const auto wanted = wanted_input(static_cast<std::size_t>(user.index));
      if (wanted && wanted->margins.any() && wanted->storage == home.storage) return *wanted;
    }
    return home;
  }

  int add_slot(Slot slot) {
    program_.slots_.push_back(std::move(slot));
    return static_cast<int>(program_.slots_.size()) - 1;
  }
  [[nodiscard]] Operand operand(int slot) const {
    return {slot, program_.slots_[static_cast<std::size_t>(slot)]};
  }
  [[nodiscard]] Operand operand_of(ir::TensorId id) const {
    return operand(program_.slot_of_[static_cast<std::size_t>(id.index)]);
  }
  [[nodiscard]] std::vector<Operand> operands_of(const ir::Layer& layer) const {
    std::vector<Operand> operands;
    for (const ir::TensorId id : layer.inputs) operands.push_back(operand_of(id));
    return operands;
  }

  /// The first input in the layout that the layer wants, copied where its home differs.
  Operand input_of(std::size_t index) {
    const Operand home = operand_of(layer(index).inputs[0]);
    const auto wanted = wanted_input(index);
    if (!wanted || suits(index, home.layout, *wanted)) return home;
    const Operand copy = operand(add_slot(*wanted));
    program_.steps_.push_back(make_copy(home, copy));
    return copy;
  }

  std::unique_ptr<Source> source_of(std::size_t index) {
    const ir::Operation& operation = layer(index).operation;
    if (convolutions_[index]) return make_source(convolutions_[index], input_of(index).slot);
    if (const auto* pool = std::get_if<ir::SumPool>(&operation)) return make_source(*pool, input_of(index));
    return make_source(std::get<ir::Add>(operation), operands_of(layer(index)));
  }

  [[nodiscard]] Requantiser requantiser(std::size_t index, bool narrow) const {
    return {std::get<ir::Requantise>(layer(index).operation), network_.type(layer(index).inputs[0]), narrow,
            storage_for(layer(index).type.range)};
  }

  void add_accumulation(std::size_t index) {
    const int user = requantiser_of(index);
    const auto target = user < 0 ? index : static_cast<std::size_t>(user);
    AccumulateParts parts{.source = source_of(index),
                          .requantiser = {},
                          .narrow = convolutions_[index] ? convolutions_[index]->narrow() : is_narrow(index),
                          .output = operand(program_.slot_of_[target]),
                          .kernels = &kernels_of(isa_)};
    if (user >= 0) parts.requantiser = requantiser(target, parts.narrow);
    program_.steps_.push_back(make_accumulate(std::move(parts)));
  }

  /// A Requantise layer whose input exists as a tensor.
  void add_requantisation(std::size_t index) {
    const ir::TensorType& input = network_.type(layer(index).inputs[0]);
    const bool narrow = fits_32(input.range) && fits_32(layer(index).type.range);
    AccumulateParts parts{
        .source = make_source(ir::Add{.multipliers = {1}, .constant = 0}, operands_of(layer(index))),
        .requantiser = requantiser(index, narrow),
        .narrow = narrow,
        .output = operand(program_.slot_of_[index]),
        .kernels = &kernels_of(isa_)};
    program_.steps_.push_back(make_accumulate(std::move(parts)));
  }

  void add_steps(std::size_t index) {
    const ir::Operation& operation = layer(index).operation;
    if (accumulates(layer(index))) return add_accumulation(index);
    if (std::holds_alternative<ir::Requantise>(operation)) {
      if (!is_fused(static_cast<std::size_t>(layer(index).inputs[0].index))) add_requantisation(index);
      return;
    }
    if (std::holds_alternative<ir::Input>(operation)) return;
    const Operand output = operand(program_.slot_of_[index]);
    if (std::holds_alternative<ir::Concat>(operation)) {
      program_.steps_.push_back(make_concat(operands_of(layer(index)), output));
      return;
    }
    const Operand input = operand_of(layer(index).inputs[0]);
    if (const auto* pool = std::get_if<ir::MaxPool>(&operation)) add(make_step(*pool, input, output));
    if (const auto* deep = std::get_if<ir::SpaceToDepth>(&operation)) add(make_step(*deep, input, output));
    if (const auto* space = std::get_if<ir::DepthToSpace>(&operation)) add(make_step(*space, input, output));
    if (const auto* up = std::get_if<ir::Upsample>(&operation)) add(make_step(*up, input, output));
  }

  void add(std::unique_ptr<Step> step) { program_.steps_.push_back(std::move(step)); }

  Program& program_;
  const ir::Network& network_;
  Isa isa_;
  bool keep_all_;
  std::vector<std::shared_ptr<const Convolution>> convolutions_;
};

Program::Program(const ir::Network& network, Isa isa, bool keep_all) {
  ProgramBuilder(*this, network, isa, keep_all).build();
}

}  // namespace bitmason::sim
