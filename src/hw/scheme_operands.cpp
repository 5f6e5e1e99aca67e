#include "hw/scheme_operands.hpp"

#include <algorithm>

#include <fmt/format.h>
#include "hw/word.hpp"

namespace bitmason::hw {

namespace {

Format activation_format(const pack::Packing& packing) {
  return format_of(packing.activation.united({0, 0}));
}

/// True where bm_mac_pack puts the codes side by side; else their packed sum takes adders.
bool activations_apart(const pack::Packing& packing) {
  const Format format = activation_format(packing);
  const int body = format.is_signed ? format.bits - 1 : format.bits;
  for (std::size_t k = 1; k < packing.activation_offsets.size(); ++k) {
    if (packing.activation_offsets[k] - packing.activation_offsets[k - 1] < body) return false;
  }
  return true;
}

/// Cycles from codes to the port.
int packing_latency(const pack::Packing& packing) {
  const auto count = static_cast<int>(packing.activation_offsets.size());
  if (!activations_apart(packing)) return levels_of(count);
  return activation_format(packing).is_signed && count > 1 ? 1 : 0;
}

/// The packed activations on the port of one lane.
Bits add_packing(Module& module, const std::string& name, const pack::Packing& packing, const Bits& codes) {
  const Format format = activation_format(packing);
  const int port = packing.activation_port_bits();
  const int word = module.add_net(name, port);
  Parameters parameters{{"BITS", std::int64_t{format.bits}}, {"SIGNED", std::int64_t{format.is_signed}}};
  const auto count = static_cast<std::int64_t>(packing.activation_offsets.size());
  Word places;
  const bool apart = activations_apart(packing);
  for (const int offset : packing.activation_offsets)
    places.append(apart ? offset : 0x80 | offset, apart ? 16 : 8);
  if (apart) {
    parameters.insert(parameters.end(),
                      {{"NP", count}, {"WIDTH", std::int64_t{port}}, {"OFF", places.constant()}});
  } else {
    parameters.insert(parameters.end(), {{"COUNT", count},
                                         {"OUT", std::int64_t{port}},
                                         {"LEVELS", std::int64_t{packing_latency(packing)}},
                                         {"M", places.constant()}});
  }
  module.cells.push_back({.name = "u_" + name,
                          .module = apart ? "bm_mac_pack" : "bm_linear",
                          .parameters = parameters,
                          .inputs = {{apart ? "codes" : "x", codes}},
                          .outputs = {{apart ? "word" : "y", module.all_of(word)}}});
  return module.all_of(word);
}

/// Two digits of a value.
std::vector<Value> add_digits(Module& module, const std::string& name, const pack::Slicing& slicing,
                              const Value& value) {
  const bool balanced = slicing.digits == pack::Slicing::Digits::Balanced;
  const int bits = width_of(value.bits);
  const int low = module.add_net(name + "_low", slicing.bits);
  const int high = module.add_net(name + "_high", bits - slicing.bits + 1);
  module.cells.push_back({.name = "u_" + name,
                          .module = "bm_digits",
                          .parameters = {{"BITS", std::int64_t{bits}},
                                         {"LOW", std::int64_t{slicing.bits}},
                                         {"SIGNED", std::int64_t{balanced}}},
                          .inputs = {{"x", value.bits}},
                          .outputs = {{"low", module.all_of(low)}, {"high", module.all_of(high)}}});
  const auto ranges = slicing.of(value.range);
  const int high_bits = std::min(ranges[1].bits(), bits - slicing.bits + 1);
  return {{module.all_of(low), ranges[0]}, {part_of(module.all_of(high), 0, high_bits), ranges[1]}};
}

class Combiner {
 public:
  Combiner(Module& module, const pack::Scheme& scheme)
      : module_(module), scheme_(scheme), algorithm_(scheme.algorithm) {
    // Latencies do not depend on lane and pixel: they follow from ranges alone.
    std::vector<Value> values = inputs_;
    for (const IntRange& range : pack::activation_inputs(algorithm_, scheme.activation))
      values.push_back({{}, range});
    for (std::size_t f = 0; f < algorithm_.activations.size(); ++f) {
      int most = 0;
      std::vector<Value> next;
      for (std::size_t r = 0; r < algorithm_.activations[f].size(); ++r) {
        const auto& row = algorithm_.activations[f][r];
        most = std::max(most, row_levels(row, values, constant_of(f, r)));
        IntRange range{0, 0};
        for (std::size_t i = 0; i < row.size(); ++i)
          range = range + values[i].range * IntRange{row[i], row[i]};
        next.push_back({{}, range});
      }
      levels_.push_back(most);
      values = std::move(next);
    }
  }

  /// Cycles from the codes to the operands.
  [[nodiscard]] int latency() const {
    int sum = balanced() ? 1 : 0;
    for (const int levels : levels_) sum += levels;
    return sum;
  }

  /// Codes of every product from the rows of one lane and pixel.
  std::vector<Bits> add(const std::string& place, const std::vector<Value>& rows) {
    std::vector<Value> values = rows;
    if (algorithm_.activation_digits.bits > 0)
      values = add_digits(module_, "digits_" + place, algorithm_.activation_digits, rows.front());
    for (std::size_t f = 0; f < algorithm_.activations.size(); ++f) {
      std::vector<Value> next;
      for (std::size_t r = 0; r < algorithm_.activations[f].size(); ++r) {
        next.push_back(combined(module_, fmt::format("c{}_{}_{}", f, r, place), algorithm_.activations[f][r],
                                values, constant_of(f, r), levels_[f]));
      }
      values = std::move(next);
    }
    std::vector<Bits> codes;
    for (std::size_t p = 0; p < values.size(); ++p) {
      const int bits = activation_format(part_of_product(p).packing).bits;
      codes.push_back(resized(values[p].bits, bits, values[p].range.is_signed()));
    }
    return codes;
  }

 private:
  [[nodiscard]] bool balanced() const {
    return algorithm_.activation_digits.bits > 0 &&
           algorithm_.activation_digits.digits == pack::Slicing::Digits::Balanced;
  }
  [[nodiscard]] const pack::Part& part_of_product(std::size_t p) const {
    return scheme_.parts[static_cast<std::size_t>(algorithm_.kinds[p])];
  }
  /// What centres a product's operand.
  [[nodiscard]] std::int64_t constant_of(std::size_t factor, std::size_t row) const {
    if (factor + 1 < algorithm_.activations.size()) return 0;
    const pack::Part& part = part_of_product(row);
    return part.packing.activation.lo - part.product.activation.lo;
  }

  Module& module_;
  const pack::Scheme& scheme_;
  const pack::Bilinear& algorithm_;
  std::vector<Value> inputs_;
  std::vector<int> levels_;
};

}  // namespace

Operands add_operands(Module& module, const pack::Scheme& scheme, const SchemeShape& shape,
                      const std::array<Bits, 3>& control, const Bits& x) {
  const auto rows = static_cast<int>(scheme.algorithm.activation_rows());
  const int bits = format_of(scheme.activation.united({0, 0})).bits;
  Combiner combiner(module, scheme);
  int packing = 0;
  for (const pack::Part& part : scheme.parts) packing = std::max(packing, packing_latency(part.packing));

  // Codes [lane][pixel][product].
  std::vector<std::vector<std::vector<Bits>>> codes;
  for (int l = 0; l < shape.lanes; ++l) {
    auto& lane = codes.emplace_back();
    for (int j = 0; j < shape.block.pixels; ++j) {
      std::vector<Value> inputs;
      for (int r = 0; r < rows; ++r)
        inputs.push_back(
            {part_of(x, ((l * rows + r) * shape.block.pixels + j) * bits, bits), scheme.activation});
      lane.push_back(combiner.add(fmt::format("l{}_x{}", l, j), inputs));
    }
  }

  Operands operands{.latency = combiner.latency() + packing};
  for (std::size_t p = 0; p < scheme.algorithm.products(); ++p) {
    const pack::Part& part = scheme.parts[static_cast<std::size_t>(scheme.algorithm.kinds[p])];
    const auto count = static_cast<int>(part.packing.activation_offsets.size());
    const int own = packing_latency(part.packing);
    auto& groups = operands.products.emplace_back();
    for (int g = 0; g < pack::part_shape(part, shape.block).groups; ++g) {
      PackedOperands& group = groups.emplace_back();
      for (int l = 0; l < shape.lanes; ++l) {
        const std::string name = fmt::format("p{}_g{}_l{}", p, g, l);
        Bits lane;
        for (int j = g * count; j < (g + 1) * count; ++j) {
          append(lane, j < shape.block.pixels
                           ? codes[static_cast<std::size_t>(l)][static_cast<std::size_t>(j)][p]
                           : zero(activation_format(part.packing).bits));
        }
        const Bits in_time = delayed(module, "early_" + name, lane, packing - own);
        append(group.ports, add_packing(module, "a_" + name, part.packing, in_time));
        append(group.codes, delayed(module, "codes_" + name, in_time, own));
      }
    }
  }
  operands.valid = delayed(module, "step_valid", control[0], operands.latency, true);
  operands.first = delayed(module, "step_first", control[1], operands.latency);
  operands.last = delayed(module, "step_last", control[2], operands.latency);
  return operands;
}

}  // namespace bitmason::hw
