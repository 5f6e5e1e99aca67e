#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <memory>
#include <set>
#include <vector>

#include "base/json_internal.hpp"
#include "plan/conv_geometry.hpp"
#include "plan/diagnostics.hpp"
#include "plan/folding.hpp"
#include "plan/plan.hpp"

namespace bitmason::plan {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kDefaults = "Defaults";

/// Attributes of FINN's folding files that have no counterpart here and change nothing.
constexpr std::array<std::string_view, 9> kIgnored{
    "mem_mode",        "ram_style", "resType",   "runtime_writeable_weights", "inFIFODepths", "outFIFODepths",
    "parallel_window", "depth",     "impl_style"};

const char* name_of(MemoryKind kind) {
  return kind == MemoryKind::Ultra ? "ultra" : kind == MemoryKind::Block ? "block" : "lut";
}

Json bound_json(const Bound& bound) {
  Json json{{"by", name_of(bound.kind)}, {"layers", bound.layers}};
  if (bound.kind != Bound::Kind::Resources) return json;
  json["next_interval_cycles"] = bound.next.value;
  json["missing"] = Json::array();
  for (const Shortage& s : bound.missing)
    json["missing"].push_back({{"resource", s.resource}, {"needed", s.needed}, {"usable", s.usable}});
  return json;
}

Diagnostic folding_error(std::string_view where, std::string what, std::string why) {
  return make_diagnostic(diagnostics::kFoldingText, where, {std::move(what), std::move(why)});
}

/// True for attributes that change nothing.
bool is_ignored(const std::string& key) {
  return std::find(kIgnored.begin(), kIgnored.end(), key) != kIgnored.end();
}

/// Enters one attribute of a layer or a default.
Status parse_attribute(const std::string& where, const std::string& key, const Json& value,
                       Folding::Entry& entry) {
  const auto* known = std::ranges::find(kFoldingNumbers, key, [](const auto& one) { return one.first; });
  if (known == kFoldingNumbers.end())
    return folding_error(where, key, "PE, SIMD, kernel_rows, pixels and pixel_groups are known");
  const bool integer =
      value.is_number_integer() && value.get<std::int64_t>() >= 1 && value.get<std::int64_t>() < (1 << 30);
  if (!integer) return folding_error(where, key + " " + json_text(value), "a positive integer is needed");
  entry.*(known->second) = value.get<int>();
  return success();
}

Result<Folding::Entry> parse_entry(const std::string& layer, const Json& json) {
  Folding::Entry entry;
  if (!json.is_object()) return folding_error(layer, json_text(json), "an object is needed");
  for (const auto& [key, value] : json.items()) {
    if (is_ignored(key)) continue;
    if (auto entered = parse_attribute(layer, key, value, entry); !entered) return entered.errors();
  }
  return entry;
}

/// The operator types of a default: a list, or "all" as an empty one; nothing for anything else.
std::optional<std::vector<std::string>> parse_kinds(const Json& json) {
  if (json == "all") return std::vector<std::string>{};
  std::vector<std::string> kinds;
  for (const Json& kind : json) {
    if (!json.is_array() || !kind.is_string()) return std::nullopt;
    kinds.push_back(kind.get<std::string>());
  }
  if (kinds.empty()) return std::nullopt;
  return kinds;
}

/// FINN's form: attribute -> [value, operator types, value, operator types, ...].
Status parse_defaults(const Json& json, Folding& folding) {
  const std::string where(kDefaults);
  if (!json.is_object()) return folding_error(where, json_text(json), "an object is needed");
  for (const auto& [key, pairs] : json.items()) {
    if (is_ignored(key)) continue;
    const bool shaped = pairs.is_array() && !pairs.empty() && pairs.size() % 2 == 0;
    for (std::size_t k = 0; k == 0 || (shaped && k < pairs.size()); k += 2) {
      Folding::Default value;
      const auto kinds = shaped ? parse_kinds(pairs[k + 1]) : std::nullopt;
      if (!kinds) {
        return folding_error(where, key + " " + json_text(pairs),
                             "a value and a list of operator types or \"all\" are needed");
      }
      if (auto entered = parse_attribute(where, key, pairs[k], value.entry); !entered)
        return entered.errors();
      value.kinds = *kinds;
      folding.defaults.push_back(std::move(value));
    }
  }
  return success();
}

/// Notes the first name that an object holds twice; JSON's own reading would keep the last.
Json::parser_callback_t unique_names(std::string& twice) {
  auto open = std::make_shared<std::vector<std::set<std::string>>>();
  return [open, &twice](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) open->emplace_back();
    if (event == Json::parse_event_t::object_end) open->pop_back();
    if (event == Json::parse_event_t::key && !open->back().insert(value.get<std::string>()).second &&
        twice.empty()) {
      twice = value.get<std::string>();
    }
    return true;
  };
}

Json layer_json(const LayerPlan& plan) {
  Json json{{"name", plan.layer}, {"channels_per_beat", plan.channels_per_beat}};
  if (plan.conv) {
    const ConvPlan& conv = *plan.conv;
    json["packing"] = pack::to_text(conv.packing);
    json["pe"] = conv.pe();
    json["simd"] = conv.simd;
    json["kernel_rows"] = conv.kernel_rows;
    json["columns"] = conv.columns;
    json["pixels"] = conv.pixels();
    json["pixel_groups"] = conv.pixel_groups;
    json["input_pixels_per_beat"] = conv.input_pixels;
    json["chain"] = conv.chain;
    json["centre"] = conv.centre;
    json["fabric"] = conv.fabric;
    json["constants"] = conv.constants;
    json["line_rows"] = conv.line_rows;
    json["weights"] = conv.external() ? "external" : "resident";
    json["weight_memory"] = name_of(conv.weight_memory);
    json["line_memory"] = name_of(conv.line_memory);
  }
  if (plan.requantise) {
    json["requantise"] = *plan.requantise == RequantiseForm::Thresholds ? "thresholds" : "scale_shift";
    json["scale_in_dsp"] = plan.scale_in_dsp;
  }
  json["cycles"] = plan.cycles.value;
  json["dsp"] = plan.dsps.value;
  json["lut"] = plan.luts.value;
  json["ff"] = plan.flip_flops.value;
  json["bram18"] = plan.bram18s.value;
  json["uram"] = plan.urams.value;
  if (plan.traffic.value > 0) json["external_bytes_per_frame"] = plan.traffic.value;
  return json;
}

}  // namespace

std::string_view name_of(Bound::Kind kind) {
  switch (kind) {
    case Bound::Kind::Target:
      return "target";
    case Bound::Kind::InputStream:
      return "input stream";
    case Bound::Kind::Layers:
      return "layers";
    default:
      return "resources";
  }
}

namespace {

/// A sum of shares of the part without the rounding of the solver's last bits.
double printed(double cost) {
  constexpr double kDigits = 1e9;
  return std::round(cost * kDigits) / kDigits;
}

}  // namespace

std::string to_json(const Plan& plan) {
  Json json{{"part", plan.part},
            {"clock_mhz", plan.clock_mhz},
            {"interval_cycles", plan.interval.value},
            {"lower_bound_cycles", plan.lower_bound.value},
            {"lower_bound_of", plan.resident ? "weights on the part" : "all implementations"},
            {"cost", printed(plan.cost)},
            {"lower_bound_cost", printed(plan.cost_bound)},
            {"latency_cycles", plan.latency.value},
            {"bound", bound_json(plan.bound)},
            {"total",
             {{"dsp", plan.total.dsps.value},
              {"lut", plan.total.luts.value},
              {"ff", plan.total.flip_flops.value},
              {"bram18", plan.total.bram18s.value},
              {"uram", plan.total.urams.value},
              {"external_bytes_per_frame", plan.total.traffic.value}}}};
  json["layers"] = Json::array();
  for (const LayerPlan& layer : plan.layers) json["layers"].push_back(layer_json(layer));
  json["fifos"] = Json::array();
  for (const FifoPlan& fifo : plan.fifos) {
    json["fifos"].push_back({{"producer", fifo.producer},
                             {"consumer", fifo.consumer},
                             {"input", fifo.input},
                             {"depth", fifo.depth},
                             {"channels", fifo.channels},
                             {"width_bits", fifo.width},
                             {"bits", fifo.bits()},
                             {"mark", fifo.mark},
                             {"slack", fifo.depth - fifo.mark},
                             {"memory", name_of(fifo.memory)}});
  }
  if (!plan.notes.empty()) json["notes"] = plan.notes;
  return json_text(json, 1) + "\n";
}

Result<Folding> parse_folding(std::string_view text) {
  std::string twice;
  const Json json = Json::parse(text, unique_names(twice), false);
  if (json.is_discarded()) return folding_error("folding", "the text", "it is no JSON");
  if (!twice.empty()) return folding_error(twice, "the name", "it occurs twice");
  if (!json.is_object()) return folding_error("folding", "the text", "an object is needed");
  Folding folding;
  for (const auto& [layer, value] : json.items()) {
    if (layer == kDefaults) {
      if (auto parsed = parse_defaults(value, folding); !parsed) return parsed.errors();
      continue;
    }
    auto entry = parse_entry(layer, value);
    if (!entry) return entry.errors();
    folding.layers[layer] = *entry;
  }
  return folding;
}

std::string to_json(const Folding& folding) {
  Json json{{std::string(kDefaults), Json::object()}};
  for (const auto& [layer, entry] : folding.layers) {
    Json& target = json[layer] = Json::object();
    for (const auto& [name, number] : kFoldingNumbers) {
      if (entry.*number) target[std::string(name)] = *(entry.*number);
    }
  }
  return json_text(json, 1) + "\n";
}

Folding folding_of(const Plan& plan) {
  Folding folding;
  for (const LayerPlan& layer : plan.layers) {
    Folding::Entry& entry = folding.layers[layer.layer];
    entry.pe = layer.conv ? layer.conv->pe() : layer.channels_per_beat;
    if (!layer.conv) continue;
    entry.simd = layer.conv->simd;
    entry.kernel_rows = layer.conv->kernel_rows;
    entry.pixels = layer.conv->pixels();
    entry.pixel_groups = layer.conv->pixel_groups;
  }
  return folding;
}

}  // namespace bitmason::plan
