#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "graph/reader_internal.hpp"

/// Handlers of QONNX quantisers.
namespace bitmason::graph {

namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

}  // namespace

void Reader::quantise_constant(const Operand& constant, const WeightQuantiser& quantiser) {
  Operand result = constant;
  result.quantiser = quantiser;
  define(std::move(result));
}

void Reader::read_quant() {
  const auto* scale = need_constant(1);
  const auto* zero = need_constant(2);
  const auto* bits = need_constant(3);
  if (scale == nullptr || zero == nullptr || bits == nullptr) return;
  const auto wrong = [&](const char* what, const std::string& is, const char* needed) {
    fail(diagnostics::kQuantiser, {what, is, needed});
  };
  const auto zeros = reals_of(*zero);
  if (std::ranges::any_of(zeros, [](double z) { return z != 0; }))
    return wrong("zero point", fmt::format("{}", zeros[0]), "0");
  const auto rounding = lower(text("rounding_mode", "ROUND"));
  if (rounding != "round" && rounding != "half_even") return wrong("rounding mode", rounding, "ROUND");
  const auto scales = reals_of(*scale);
  if (scales.empty() || std::ranges::any_of(scales, [](double s) { return !(s > 0); }))
    return wrong("scale", "not positive", "a positive number");
  const auto widths = reals_of(*bits);
  const bool on_constant = is_constant(0);
  // Biases are wider; their quantiser says nothing that the layer's scales do not.
  const double most = on_constant ? 32 : 8;
  if (widths.size() != 1 || !(widths[0] >= 1 && widths[0] <= most))
    return wrong("width", widths.empty() ? "missing" : fmt::format("{}", widths[0]), "1 to 8 bits");
  const int width = static_cast<int>(widths[0]);
  const bool is_signed = integer("signed", 1) != 0;
  const bool narrow = integer("narrow", 0) != 0;
  if (on_constant) {
    if (!is_signed) return wrong("sign", "unsigned", "signed weights");
    WeightQuantiser quantiser{width, narrow, scales.size() > 1, {}};
    for (const double s : scales) quantiser.scales.push_back(static_cast<float>(s));
    if (width > 8) return define({input(0).constant, {}, 0, false});
    return quantise_constant(input(0), quantiser);
  }
  if (!need_value(0)) return;
  if (scales.size() != 1) return wrong("number of scales", std::to_string(scales.size()), "1");
  if (narrow || (is_signed && width == 1)) return wrong("range", "narrow or bipolar", "the full range");
  const Operand x = input(0);
  // A vector as input is the image behind a Flatten.
  if (x.value == 0 || (x.flat && x.value == 1 && graph_.steps[0].inputs[0] == 0)) {
    if (is_signed) return wrong("sign", "signed", "unsigned pixels");
    graph_.pixel = static_cast<float>(scales[0] / static_cast<double>(1 << (8 - width)));
  }
  graph_.scales.push_back(static_cast<float>(scales[0]));
  append(Quantise{width, is_signed, static_cast<int>(graph_.scales.size()) - 1}, {x}, x.flat);
}

void Reader::read_bipolar_quant() {
  const auto* scale = need_constant(1);
  if (scale == nullptr) return;
  if (!is_constant(0))
    return fail(diagnostics::kQuantiser, {"range", "-1 and +1 on activations", "an unsigned range"});
  const auto scales = reals_of(*scale);
  WeightQuantiser quantiser{1, true, scales.size() > 1, {}};
  for (const double s : scales) quantiser.scales.push_back(static_cast<float>(s));
  quantise_constant(input(0), quantiser);
}

}  // namespace bitmason::graph
