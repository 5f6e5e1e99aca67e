#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "search/blueprint.hpp"
#include "search/diagnostics.hpp"
#include "search/rescale.hpp"

namespace bitmason::search {

namespace {

/// A tensor of the new network.
struct Made {
  ir::TensorId id;
  double gain = 1;  ///< new codes per code of the blueprint
};

class Rebuilder {
 public:
  Rebuilder(const Blueprint& blueprint, const Bits& bits)
      : blueprint_(blueprint),
        network_(blueprint.network()),
        bits_(bits),
        wanted_(blueprint.wanted_widths(bits)),
        builder_(network_.name()) {}

  Result<ir::Network> run();

 private:
  using Added = std::optional<Diagnostics>;  ///< what prevents it
  Added add_layer(std::size_t layer);
  Added add_input(std::size_t layer);
  Added add_conv(std::size_t layer);
  Added add_sum(std::size_t layer);
  /// Requantise and what passes codes on, once per width.
  Added add_widths(std::size_t layer);
  Added add(std::size_t layer, int width, const std::string& name, ir::Operation operation, int input_width,
            double gain);
  /// The input of a layer in a width; accumulators are made in one, 0.
  [[nodiscard]] const Made& input(std::size_t layer, std::size_t which, int width) const;
  [[nodiscard]] std::string named(std::size_t layer, int width) const;

  const Blueprint& blueprint_;
  const ir::Network& network_;
  const Bits& bits_;
  std::vector<std::set<int, std::greater<>>> wanted_;
  ir::NetworkBuilder builder_;
  std::map<std::pair<std::size_t, int>, Made> made_;
  std::size_t weighted_ = 0;
};

const Made& Rebuilder::input(std::size_t layer, std::size_t which, int width) const {
  const auto id = static_cast<std::size_t>(network_.layers()[layer].inputs[which].index);
  return made_.at({blueprint_.original(id), holds_codes(network_, id) ? width : 0});
}

std::string Rebuilder::named(std::size_t layer, int width) const {
  const std::string& name = network_.layers()[layer].name;
  return wanted_[layer].size() == 1 ? name : fmt::format("{}_a{}", name, width);
}

Rebuilder::Added Rebuilder::add(std::size_t layer, int width, const std::string& name,
                                ir::Operation operation, int input_width, double gain) {
  std::vector<ir::TensorId> inputs;
  for (std::size_t k = 0; k < network_.layers()[layer].inputs.size(); ++k)
    inputs.push_back(input(layer, k, input_width).id);
  auto added = builder_.add(name, std::move(operation), std::move(inputs));
  if (!added) return added.errors();
  made_[{layer, width}] = {*added, gain};
  return std::nullopt;
}

Rebuilder::Added Rebuilder::add_input(std::size_t layer) {
  const ir::Layer& old = network_.layers()[layer];
  const auto& wanted = wanted_[layer];
  const int width = wanted.empty() ? old.type.range.bits() : *wanted.begin();
  if (wanted.size() > 1) {
    return Diagnostics{make_diagnostic(diagnostics::kInputWidths, old.name,
                                       {std::to_string(*wanted.begin()), std::to_string(*wanted.rbegin())})};
  }
  const auto port = std::ranges::find(network_.inputs(), static_cast<int>(layer), &ir::InputPort::layer);
  const IntRange range = resize(old.type.range, width);
  auto added = builder_.add_input(old.name, {old.type.shape, range}, *port);
  if (!added) return added.errors();
  made_[{layer, width}] = {*added, code_gain(old.type.range, range)};
  return std::nullopt;
}

Rebuilder::Added Rebuilder::add_conv(std::size_t layer) {
  ir::Conv conv = std::get<ir::Conv>(network_.layers()[layer].operation);
  const int width = bits_.activations[weighted_];
  ResizedWeights weights = resize(conv.weights, bits_.weights[weighted_++]);
  const double in = input(layer, 0, width).gain;
  conv.weights = std::move(weights.weights);
  rescale(conv, in, weights.gain);
  return add(layer, 0, network_.layers()[layer].name, std::move(conv), width, weights.gain * in);
}

Rebuilder::Added Rebuilder::add_sum(std::size_t layer) {
  const ir::Layer& old = network_.layers()[layer];
  const int width = wanted_[layer].empty() ? 0 : *wanted_[layer].begin();
  std::vector<double> gains;
  for (std::size_t k = 0; k < old.inputs.size(); ++k) gains.push_back(input(layer, k, width).gain);
  double gain = gains.front();
  if (const auto* sum = std::get_if<ir::Add>(&old.operation)) {
    const ir::Add adjusted = rescaled(*sum, gains, gain);
    return add(layer, 0, old.name, adjusted, width, gain);
  }
  ir::SumPool pool = std::get<ir::SumPool>(old.operation);
  pool.pad_value = scaled(pool.pad_value, gain);
  return add(layer, 0, old.name, pool, width, gain);
}

Rebuilder::Added Rebuilder::add_widths(std::size_t layer) {
  const ir::Layer& old = network_.layers()[layer];
  for (const int width : wanted_[layer]) {
    const double in = input(layer, 0, width).gain;
    ir::Operation operation = old.operation;
    double gain = in;
    if (std::holds_alternative<ir::Requantise>(operation)) {
      const IntRange range = resize(old.type.range, width);
      operation = resize(blueprint_.quantiser(layer), in, range);
      gain = code_gain(old.type.range, range);
    }
    if (auto bad = add(layer, width, named(layer, width), std::move(operation), width, gain)) return bad;
  }
  return std::nullopt;
}

Rebuilder::Added Rebuilder::add_layer(std::size_t layer) {
  const ir::Operation& operation = network_.layers()[layer].operation;
  if (std::holds_alternative<ir::Input>(operation)) return add_input(layer);
  if (std::holds_alternative<ir::Conv>(operation)) return add_conv(layer);
  if (std::holds_alternative<ir::Requantise>(operation) || holds_codes(network_, layer))
    return add_widths(layer);
  return add_sum(layer);
}

Result<ir::Network> Rebuilder::run() {
  for (std::size_t k = 0; k < network_.layers().size(); ++k) {
    if (blueprint_.original(k) != k) continue;
    if (auto bad = add_layer(k)) return *std::move(bad);
  }
  for (const ir::OutputPort& port : network_.outputs()) {
    const auto at = static_cast<std::size_t>(port.layer);
    const int width = holds_codes(network_, at) ? network_.layers()[at].type.range.bits() : 0;
    ir::OutputPort moved = port;
    moved.layer = made_.at({blueprint_.original(at), width}).id.index;
    if (auto added = builder_.add_output(std::move(moved)); !added) return added.errors();
  }
  return std::move(builder_).build();
}

}  // namespace

Result<ir::Network> Blueprint::with_bits(const Bits& bits) const {
  if (auto checked = check(bits, weighted_.size()); !checked) return checked.errors();
  return Rebuilder(*this, bits).run();
}

}  // namespace bitmason::search
