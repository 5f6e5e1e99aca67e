#include "flow/scales.hpp"

#include <algorithm>

#include "ir/scalar_function.hpp"

namespace bitmason::flow {

namespace {

/// Channel of each element of a frame in the file's order.
std::vector<int> channels_in_file_order(const ir::OutputPort& port, const ir::Shape& shape) {
  const std::int64_t plane = std::int64_t{shape.height} * shape.width;
  std::vector<int> channels(static_cast<std::size_t>(shape.elements()));
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const std::int64_t place = port.layout.map.empty() ? static_cast<std::int64_t>(i) : port.layout.map[i];
    channels[i] = static_cast<int>(place / plane);
  }
  return channels;
}

/// The axis of the file's shape whose index is the channel of every element.
std::optional<int> channel_axis(const std::vector<int>& channels, const std::vector<std::int64_t>& file) {
  std::int64_t stride = 1;
  for (std::size_t axis = file.size(); axis-- > 1;) {
    bool fits = true;
    for (std::size_t i = 0; fits && i < channels.size(); ++i)
      fits = static_cast<std::int64_t>(i) / stride % file[axis] == channels[i];
    if (fits) return static_cast<int>(axis);
    stride *= file[axis];
  }
  return std::nullopt;
}

std::string words(const std::vector<Rational>& values) {
  constexpr std::size_t kMost = 16;
  std::string text;
  for (std::size_t i = 0; i < std::min(values.size(), kMost); ++i) text += " " + values[i].to_string();
  return text + (values.size() > kMost ? " ..." : "");
}

}  // namespace

std::optional<CodeScale> code_scale(const ir::Network& network, const ir::OutputPort& port) {
  for (const ir::ScalarStep& step : port.dequantise) {
    if (!std::holds_alternative<ir::AffineStep>(step)) return std::nullopt;
  }
  CodeScale result;
  const int rows = ir::rows(port.dequantise);
  for (int row = 0; row < rows; ++row) {
    const Rational offset = ir::apply(port.dequantise, Rational(0), row);
    result.scale.push_back(ir::apply(port.dequantise, Rational(1), row) - offset);
    result.offset.push_back(offset);
  }
  const auto same = [](const std::vector<Rational>& values) {
    return std::ranges::all_of(values, [&](const Rational& value) { return value == values.front(); });
  };
  if (same(result.scale) && same(result.offset)) {
    result.scale.resize(1);
    result.offset.resize(1);
    return result;
  }
  const ir::Shape& shape = network.type({port.layer}).shape;
  std::vector<std::int64_t> file = port.layout.file_shape;
  if (file.empty()) file = {1, shape.channels, shape.height, shape.width};
  const std::vector<int> channels = channels_in_file_order(port, shape);
  result.axis = channel_axis(channels, file);
  if (result.axis) return result;
  CodeScale each;
  for (const int channel : channels) {
    each.scale.push_back(result.scale[static_cast<std::size_t>(channel)]);
    each.offset.push_back(result.offset[static_cast<std::size_t>(channel)]);
  }
  return each;
}

std::string codes_text(const ir::Network& network) {
  std::string text;
  for (const ir::OutputPort& port : network.outputs()) {
    text += port.name + ": value =";
    if (const auto scale = code_scale(network, port)) {
      text += " scale" + words(scale->scale) + " offset" + words(scale->offset);
      if (scale->axis) text += " along axis " + std::to_string(*scale->axis);
    } else {
      text += " a function of the code that is not affine; leave out --codes to have it applied";
    }
    for (const ir::HostTail& tail : port.tail) text += "; left out: " + ir::to_text(tail);
    text += "\n";
  }
  return text;
}

}  // namespace bitmason::flow
