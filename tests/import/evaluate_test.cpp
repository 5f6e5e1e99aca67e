#include "import/evaluate.hpp"

#include <gtest/gtest.h>

#include "ir/scalar_function.hpp"

namespace bitmason::test {

namespace {

using Codes = std::vector<std::int64_t>;

class Evaluator {
 public:
  Evaluator(const ir::Network& network, const ir::Layer& layer, const std::vector<Codes>& tensors)
      : network_(network), layer_(layer), tensors_(tensors) {}

  Codes operator()(const ir::Input&) const { return {}; }
  Codes operator()(const ir::Conv& op) const {
    const int group = op.weights.out_channels / op.groups;
    return each([&](int o, int y, int x) {
      std::int64_t sum = op.bias.empty() ? 0 : op.bias[static_cast<std::size_t>(o)];
      window(op.window, y, x, [&](int ky, int kx, int row, int column) {
        for (int i = 0; i < op.weights.in_channels; ++i)
          sum += op.weights.at(o, i, ky, kx) *
                 at(0, o / group * op.weights.in_channels + i, row, column, op.pad_value);
      });
      return sum;
    });
  }
  Codes operator()(const ir::MaxPool& op) const {
    return each([&](int c, int y, int x) {
      std::int64_t largest = std::numeric_limits<std::int64_t>::min();
      window(op.window, y, x, [&](int, int, int row, int column) {
        largest = std::max(largest, at(0, c, row, column, largest));
      });
      return largest;
    });
  }
  Codes operator()(const ir::SumPool& op) const {
    return each([&](int c, int y, int x) {
      std::int64_t sum = 0;
      window(op.window, y, x,
             [&](int, int, int row, int column) { sum += at(0, c, row, column, op.pad_value); });
      return sum;
    });
  }
  Codes operator()(const ir::Add& op) const {
    return each([&](int c, int y, int x) {
      std::int64_t sum = op.constant;
      for (std::size_t k = 0; k < op.multipliers.size(); ++k) sum += op.multipliers[k] * at(k, c, y, x, 0);
      return sum;
    });
  }
  Codes operator()(const ir::Concat&) const {
    Codes result;
    for (const ir::TensorId id : layer_.inputs) {
      const Codes& part = tensors_[static_cast<std::size_t>(id.index)];
      result.insert(result.end(), part.begin(), part.end());
    }
    return result;
  }
  Codes operator()(const ir::SpaceToDepth& op) const {
    const int channels = shape(0).channels;
    return each([&](int deep, int y, int x) {
      const bool dcr = op.order == ir::BlockOrder::DepthColumnRow;
      const int offset = dcr ? deep / channels : deep % (op.block * op.block);
      const int c = dcr ? deep % channels : deep / (op.block * op.block);
      return at(0, c, y * op.block + offset / op.block, x * op.block + offset % op.block, 0);
    });
  }
  Codes operator()(const ir::DepthToSpace& op) const {
    const int shallow = layer_.type.shape.channels;
    return each([&](int c, int y, int x) {
      const int offset = y % op.block * op.block + x % op.block;
      const bool dcr = op.order == ir::BlockOrder::DepthColumnRow;
      const int deep = dcr ? offset * shallow + c : c * op.block * op.block + offset;
      return at(0, deep, y / op.block, x / op.block, 0);
    });
  }
  Codes operator()(const ir::Upsample& op) const {
    return each([&](int c, int y, int x) { return at(0, c, y / op.factor_h, x / op.factor_w, 0); });
  }
  Codes operator()(const ir::Requantise& op) const {
    return each([&](int c, int y, int x) { return ir::requantise(op, at(0, c, y, x, 0), c); });
  }

 private:
  [[nodiscard]] const ir::Shape& shape(std::size_t input) const {
    return network_.type(layer_.inputs[input]).shape;
  }
  [[nodiscard]] std::int64_t at(std::size_t input, int c, int y, int x, std::int64_t outside) const {
    const ir::Shape& s = shape(input);
    if (y < 0 || x < 0 || y >= s.height || x >= s.width) return outside;
    return tensors_[static_cast<std::size_t>(layer_.inputs[input].index)][s.index(c, y, x)];
  }
  template <class F>
  void window(const ir::Window& w, int y, int x, F visit) const {
    for (int ky = 0; ky < w.kernel_h; ++ky) {
      for (int kx = 0; kx < w.kernel_w; ++kx)
        visit(ky, kx, y * w.stride_h + ky - w.pad_top, x * w.stride_w + kx - w.pad_left);
    }
  }
  template <class F>
  Codes each(F value) const {
    Codes result;
    const ir::Shape& s = layer_.type.shape;
    for (int c = 0; c < s.channels; ++c) {
      for (int y = 0; y < s.height; ++y) {
        for (int x = 0; x < s.width; ++x) {
          result.push_back(value(c, y, x));
          EXPECT_TRUE(layer_.type.range.contains(result.back())) << layer_.name << " " << result.back();
        }
      }
    }
    return result;
  }

  const ir::Network& network_;
  const ir::Layer& layer_;
  const std::vector<Codes>& tensors_;
};

std::size_t place(const ir::FileLayout& layout, std::size_t i) {
  return layout.map.empty() ? i : static_cast<std::size_t>(layout.map[i]);
}

int channel_of(const ir::Shape& shape, std::size_t element) {
  return static_cast<int>(element /
                          (static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width)));
}

}  // namespace

std::vector<Rational> evaluate(const ir::Network& network, const std::vector<std::vector<Rational>>& inputs) {
  std::vector<Codes> tensors(network.layers().size());
  for (std::size_t p = 0; p < network.inputs().size(); ++p) {
    const ir::InputPort& port = network.inputs()[p];
    const ir::TensorType& type = network.type({port.layer});
    Codes codes(inputs[p].size());
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const std::size_t at = place(port.layout, i);
      codes[at] = ir::apply(port.quantise, inputs[p][i], channel_of(type.shape, at)).to_int64().value();
      EXPECT_TRUE(type.range.contains(codes[at])) << codes[at];
    }
    tensors[static_cast<std::size_t>(port.layer)] = codes;
  }
  for (std::size_t l = 0; l < network.layers().size(); ++l) {
    const ir::Layer& layer = network.layers()[l];
    if (!std::holds_alternative<ir::Input>(layer.operation))
      tensors[l] = std::visit(Evaluator(network, layer, tensors), layer.operation);
  }
  const ir::OutputPort& port = network.outputs().front();
  const Codes& codes = tensors[static_cast<std::size_t>(port.layer)];
  std::vector<Rational> result;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::size_t at = place(port.layout, i);
    result.push_back(ir::apply(port.dequantise, codes[at], channel_of(network.type({port.layer}).shape, at)));
  }
  return result;
}

std::vector<Rational> random_values(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Rational> result;
  for (std::size_t i = 0; i < count; ++i)
    result.emplace_back(static_cast<std::int64_t>(random() % 65) - 32, 16);
  return result;
}

import::Imported expect_exact(const onnxio::Model& model, const import::Options& options){
    auto imported = import::import_onnx(model, options);
EXPECT_TRUE(imported) << to_text(imported.errors());
if (!imported) throw std::runtime_error("not imported");
for (std::uint64_t seed = 0; seed < 4; ++seed) {
  ExactValues named;
  std::vector<std::vector<Rational>> inputs;
  for (const ir::InputPort& port : imported->network.inputs()) {
    const auto& layer = imported->network.type({port.layer});
    inputs.push_back(
        random_values(static_cast<std::size_t>(layer.shape.elements()), 10 * seed + inputs.size()));
    // With raw integers in, the file sees the value of the nearest code.
    if (!options.input_type.empty()) {
      for (Rational& value : inputs.back())
        value = Rational(ir::apply(port.quantise, value, 0)) * options.input_scale + options.input_offset;
    }
    for (const auto& info : model.inputs) {
      if (info.name == port.name) named[port.name] = {info.shape, inputs.back()};
    }
  }
  const auto expected = interpret(model, named).at(model.outputs.front().name).values;
  const auto actual = evaluate(imported->network, inputs);
  EXPECT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < std::min(actual.size(), expected.size()); ++i) {
    EXPECT_EQ(actual[i].to_string(), expected[i].to_string()) << "element " << i << " of frame " << seed;
    if (actual[i] != expected[i]) break;
  }
}
return *std::move(imported);
}  // namespace bitmason::test

}  // namespace bitmason::test
