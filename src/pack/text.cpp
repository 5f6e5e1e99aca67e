#include <algorithm>

#include <fmt/format.h>
#include "pack/digits.hpp"
#include "pack/packing.hpp"

namespace bitmason::pack {

namespace {

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

/// 0..9, then a..z, then A..Z; more operands or fields than these never fit a multiplier.
char symbol(std::size_t index) {
  constexpr std::string_view kSymbols = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return index < kSymbols.size() ? kSymbols[index] : '?';
}

struct Span {
  int offset = 0;
  int width = 0;
};

/// One character a bit, the most significant first.
std::string row(int bits, const std::vector<Span>& spans) {
  std::string result(static_cast<std::size_t>(bits), '.');
  for (std::size_t k = 0; k < spans.size(); ++k) {
    for (int bit = spans[k].offset; bit < std::min(bits, spans[k].offset + spans[k].width); ++bit) {
      char& cell = result[static_cast<std::size_t>(bits - 1 - bit)];
      cell = cell == '.' ? symbol(k) : '+';
    }
  }
  return result;
}

/// Tens digit above every bit whose number is a multiple of ten.
std::string ruler(int bits) {
  std::string result(static_cast<std::size_t>(bits), ' ');
  for (int bit = 0; bit < bits; bit += 10) {
    result[static_cast<std::size_t>(bits - 1 - bit)] = static_cast<char>('0' + bit / 10);
  }
  return result;
}

std::vector<Span> operands(const std::vector<int>& offsets, const IntRange& digit) {
  std::vector<Span> spans;
  for (int offset : offsets) spans.push_back({offset, digit.bits()});
  return spans;
}

/// "2 multipliers of 8 x 8, each "; nothing of a whole primitive.
std::string split_text(const Packing& packing) {
  const Packing one = one_of(packing);
  if (one.ports.multipliers == 1) return "";
  return fmt::format("{} multipliers of {} x {} on the same activations, {} ", one.ports.multipliers,
                     one.ports.wide_bits, one.ports.narrow_bits,
                     packing.ports.cut_bits > 0 ? "together" : "each");
}

}  // namespace

std::string to_text(const Packing& packing) {
  const auto shape = [](std::size_t count, int block, std::string_view inner, std::string_view outer) {
    const auto size = static_cast<std::size_t>(block);
    if (block > 1 && size < count) return fmt::format("{} of {} {}s", count / size, block, inner);
    return counted(count, block > 1 ? inner : outer);
  };
  const bool convolution = packing.family != Family::OuterProduct;
  return fmt::format(
      "{}{} x {}, {} MAC, {}, {}", split_text(packing),
      shape(packing.weight_offsets.size(), packing.taps, "tap", "weight"),
      shape(packing.activation_offsets.size(), convolution ? packing.pixels : 1, "pixel", "pixel"),
      packing.weight_offsets.size() * packing.activation_offsets.size(),
      counted(packing.fields.size(), "field"), rule_text(packing));
}

std::string rule_text(const Packing& packing) {
  if (packing.rule == Rule::Canary) return fmt::format("C({})", packing.side_bits);
  const std::string sign = packing.coding == Coding::SignMagnitude ? "sign-magnitude " : "";
  if (packing.side_bits == 0) return fmt::format("{}n = {}", sign, packing.accumulations);
  return fmt::format("{}G({}, {})", sign, packing.accumulations, packing.side_bits);
}

std::string draw(const Packing& packing) {
  const MultiplierPorts& ports = packing.ports;
  const bool wide = packing.weights_on_wide_port;
  std::vector<Span> fields;
  for (const Field& field : packing.fields) fields.push_back({field.offset, field.width});
  const int total = ports.accumulator_bits;
  std::string result = fmt::format("{:>14} {:>{}}\n", "tens of bits", ruler(total), total);
  const auto line = [&](std::string_view name, int bits, const std::vector<Span>& spans) {
    result += fmt::format("{:>14} {:>{}}\n", name, row(bits, spans), total);
  };
  line("weights", wide ? ports.wide_bits : ports.narrow_bits,
       operands(packing.weight_offsets, digit_range(packing.weight, packing.coding)));
  line("activations", wide ? ports.narrow_bits : ports.wide_bits,
       operands(packing.activation_offsets, digit_range(packing.activation, packing.coding)));
  line("sum", total, fields);
  return result;
}

}  // namespace bitmason::pack
