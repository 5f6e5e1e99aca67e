#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "graph/reader_internal.hpp"

/// Handlers of QONNX quantisers.
namespace bitmason::graph {

namespace {

constexpr int kMostBits = 8;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

}  // namespace

std::optional<std::vector<float>> Reader::scales(std::size_t index) {
  const auto* constant = need_constant(index);
  if (constant == nullptr) return std::nullopt;
  const auto values = reals_of(*constant);
  std::vector<float> result(values.size());
  std::ranges::transform(values, result.begin(), [](double v) { return static_cast<float>(v); });
  if (!result.empty() && std::ranges::all_of(result, [](float s) { return s > 0 && std::isfinite(s); }))
    return result;
  fail(diagnostics::kQuantiser, {"scale", "not positive", "a positive number"});
  return std::nullopt;
}

std::optional<int> Reader::width(std::size_t index, int most) {
  const auto* constant = need_constant(index);
  if (constant == nullptr) return std::nullopt;
  const auto values = reals_of(*constant);
  if (values.size() == 1 && values[0] >= 1 && values[0] <= most) return static_cast<int>(values[0]);
  fail(diagnostics::kQuantiser,
       {"width", values.size() == 1 ? fmt::format("{}", values[0]) : "one per channel", "1 to 8 bits"});
  return std::nullopt;
}

void Reader::read_quant() {
  const auto scales = this->scales(1);
  const auto* zero = need_constant(2);
  // Biases are wider; their quantiser says nothing that the layer's scales do not.
  constexpr int kMostBiasBits = 32;
  const auto width = this->width(3, is_constant(0) ? kMostBiasBits : kMostBits);
  if (!scales || zero == nullptr || !width) return;
  for (const double point : reals_of(*zero)) {
    if (point != 0) return fail(diagnostics::kQuantiser, {"zero point", fmt::format("{}", point), "0"});
  }
  const auto rounding = lower(text("rounding_mode", "ROUND"));
  if (rounding != "round" && rounding != "half_even")
    return fail(diagnostics::kQuantiser, {"rounding mode", rounding, "ROUND"});
  const bool is_signed = integer("signed", 1) != 0;
  const bool narrow = integer("narrow", 0) != 0;
  if (!is_constant(0)) return quantise_value((*scales)[0], scales->size(), *width, is_signed, narrow);
  if (!is_signed) return fail(diagnostics::kQuantiser, {"sign", "unsigned", "signed weights"});
  Operand result = input(0);
  if (*width <= kMostBits) result.quantiser = WeightQuantiser{*width, narrow, scales->size() > 1, *scales};
  define(std::move(result));
}

void Reader::quantise_value(float scale, std::size_t scales, int width, bool is_signed, bool narrow) {
  if (!need_value(0)) return;
  if (scales != 1) return fail(diagnostics::kQuantiser, {"number of scales", std::to_string(scales), "1"});
  if (narrow || (is_signed && width == 1))
    return fail(diagnostics::kQuantiser, {"range", "narrow or bipolar", "the full range"});
  const Operand x = input(0);
  // A vector as input is the image behind a Flatten.
  if (x.value == 0 || (x.flat && x.value == 1 && graph_.steps[0].inputs[0] == 0)) {
    if (is_signed) return fail(diagnostics::kQuantiser, {"sign", "signed", "unsigned pixels"});
    graph_.pixel = scale / static_cast<float>(1 << (kMostBits - width));
  }
  graph_.scales.push_back(scale);
  append(Quantise{width, is_signed, static_cast<int>(graph_.scales.size()) - 1}, {x}, x.flat);
}

void Reader::read_bipolar_quant() {
  const auto scales = this->scales(1);
  if (!scales) return;
  if (!is_constant(0))
    return fail(diagnostics::kQuantiser, {"range", "-1 and +1 on activations", "an unsigned range"});
  Operand result = input(0);
  result.quantiser = WeightQuantiser{1, true, scales->size() > 1, *scales};
  define(std::move(result));
}

}  // namespace bitmason::graph
