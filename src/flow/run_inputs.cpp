#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "flow/run_files_internal.hpp"

namespace bitmason::flow {

namespace {

using Json = nlohmann::ordered_json;

/// True beyond a share of one tenth, which real data in the right scale seldom has.
bool many_clamped(const sim::InputUse& use) {
  return use.clamped * 10 > use.values;
}

/// True where a fine quantiser gives almost only codes next to each other.
bool few_codes(const sim::InputUse& use, const IntRange& range) {
  constexpr std::int64_t kFine = 63;
  constexpr std::int64_t kEnough = 64;
  return range.span() >= kFine && use.values >= kEnough && use.codes.span() * 32 <= range.span();
}

std::string warning_of(const ir::Network& network, const ir::InputPort& port, const sim::InputUse& use) {
  const IntRange& range = network.type({port.layer}).range;
  const auto value = [&](std::int64_t code) {
    return (Rational(code) * port.scale + port.offset).to_double();
  };
  const auto [low, high] = std::minmax({value(range.lo), value(range.hi)});
  const std::string takes = fmt::format("the input takes values from {:.6g} to {:.6g}", low, high);
  if (many_clamped(use)) {
    return fmt::format(
        "{:.1f} % of the values lie beyond the codes and were clamped: {}; probably raw pixels are given "
        "where "
        "scaled values are expected",
        100.0 * static_cast<double>(use.clamped) / static_cast<double>(use.values), takes);
  }
  if (few_codes(use, range)) {
    return fmt::format(
        "hardly any of the codes is used: {}; probably scaled values are given where raw ones are expected",
        takes);
  }
  return {};
}

}  // namespace

std::string inputs_text(const ir::Network& network, const FrameReader& reader) {
  std::string text;
  for (std::size_t k = 0; k < reader.sources().size(); ++k) {
    const FrameReader::Source& source = reader.sources()[k];
    const ir::InputPort& port = network.inputs()[k];
    const sim::InputUse& use = source.quantise.use();
    const IntRange& range = network.type({port.layer}).range;
    text +=
        fmt::format("input {}: {} {}, ", port.name, source.file.string(), shape_text(source.array.shape()));
    text += use.values == 0
                ? "no values\n"
                : fmt::format("codes {} to {} of {} to {}, {} of {} values clamped\n", use.codes.lo,
                              use.codes.hi, range.lo, range.hi, use.clamped, use.values);
    if (const std::string warning = warning_of(network, port, use); !warning.empty())
      text += "warning: " + port.name + ": " + warning + "\n";
  }
  return text;
}

Json inputs_json(const ir::Network& network, const FrameReader& reader) {
  Json inputs = Json::array();
  for (std::size_t k = 0; k < reader.sources().size(); ++k) {
    const FrameReader::Source& source = reader.sources()[k];
    const ir::InputPort& port = network.inputs()[k];
    const sim::InputUse& use = source.quantise.use();
    const IntRange& range = network.type({port.layer}).range;
    Json& input = inputs.emplace_back(Json{{"name", port.name},
                                           {"file", source.file.string()},
                                           {"shape", source.array.shape()},
                                           {"range", {range.lo, range.hi}},
                                           {"values", use.values},
                                           {"clamped", use.clamped}});
    if (use.values > 0) input["codes"] = {use.codes.lo, use.codes.hi};
    if (const std::string warning = warning_of(network, port, use); !warning.empty())
      input["warning"] = warning;
  }
  return inputs;
}

}  // namespace bitmason::flow
