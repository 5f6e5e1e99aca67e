#include <algorithm>

#include "device/device.hpp"
#include "device/diagnostics.hpp"
#include "device/fields_internal.hpp"

namespace bitmason::device {

namespace {

template <class Entry>
void check_sources(const Entry& entry, Diagnostics& found) {
  for (const auto& rule : field_rules<Entry>()) {
    const std::string where = entry.name + ": " + std::string(rule.name);
    const auto source = entry.sources.find(std::string(rule.name));
    if (source == entry.sources.end() || source->second.text.empty()) {
      found.push_back(make_diagnostic(diagnostics::kNoSource, where));
      continue;
    }
    const std::string& kind = source->second.kind;
    if (kind != "quoted" && kind != "read" && kind != "memory") {
      found.push_back(make_diagnostic(diagnostics::kSourceKind, where, {kind.empty() ? "nothing" : kind}));
    }
  }
}

template <class Entry>
void check_unique(const std::vector<Entry>& entries, Diagnostics& found) {
  for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
    const auto same = [&](const Entry& other) { return other.name == entry->name; };
    if (std::find_if(entries.begin(), entry, same) != entry) continue;
    const auto times = std::count_if(entry, entries.end(), same);
    if (times > 1)
      found.push_back(make_diagnostic(diagnostics::kTwice, entry->name, {std::to_string(times)}));
  }
}

void check_widths(const Primitive& p, Diagnostics& found) {
  const auto number = [](int value) { return std::to_string(value); };
  if (p.wide_bits < p.narrow_bits) {
    found.push_back(make_diagnostic(diagnostics::kPortOrder, p.name + ": wide_bits",
                                    {number(p.wide_bits), number(p.narrow_bits)}));
  }
  if (p.product_bits != p.wide_bits + p.narrow_bits) {
    found.push_back(make_diagnostic(diagnostics::kProductWidth, p.name + ": product_bits",
                                    {number(p.product_bits), number(p.wide_bits), number(p.narrow_bits),
                                     number(p.wide_bits + p.narrow_bits)}));
  }
  if (p.accumulator_bits < p.product_bits) {
    found.push_back(make_diagnostic(diagnostics::kAccumulatorWidth, p.name + ": accumulator_bits",
                                    {number(p.accumulator_bits), number(p.product_bits)}));
  }
}

std::string primitive_names(const Database& database) {
  std::string names;
  for (const Primitive& p : database.primitives) names += (names.empty() ? "" : ", ") + p.name;
  return names.empty() ? "none" : names;
}

void check_part(const Part& part, const Database& database, Diagnostics& found) {
  if (database.find_primitive(part.primitive) == nullptr) {
    found.push_back(make_diagnostic(diagnostics::kUnknownPrimitive, part.name + ": primitive",
                                    {part.primitive, primitive_names(database)}));
  }
  if (part.flip_flops.value < part.luts.value) {
    found.push_back(
        make_diagnostic(diagnostics::kFlipFlops, part.name + ": flip_flops",
                        {std::to_string(part.flip_flops.value), std::to_string(part.luts.value)}));
  }
  if (!part.synthesis.starts_with("synth_") || part.synthesis.find("-top") != std::string::npos) {
    found.push_back(make_diagnostic(diagnostics::kSynthesis, part.name + ": synthesis", {part.synthesis}));
  }
}

}  // namespace

Diagnostics check(const Database& database) {
  Diagnostics found;
  check_unique(database.primitives, found);
  check_unique(database.parts, found);
  for (const Primitive& p : database.primitives) {
    check_sources(p, found);
    check_widths(p, found);
  }
  for (const Part& part : database.parts) {
    check_sources(part, found);
    check_part(part, database, found);
  }
  return found;
}

}  // namespace bitmason::device
