#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"
#include "base/text.hpp"
#include "device/device.hpp"
#include "flow/device_access.hpp"
#include "flow/diagnostics.hpp"
#include "flow/flow.hpp"

namespace bitmason::flow {

namespace {

using Json = nlohmann::ordered_json;

/// Refuses the name of a part, or where primitives are known too, of either.
Diagnostic unknown(const std::string& name, const device::Database& database, bool primitives) {
  std::vector<std::string> known;
  for (const auto& part : database.parts) known.push_back(part.name);
  if (primitives) {
    for (const auto& primitive : database.primitives) known.push_back(primitive.name);
  }
  return make_diagnostic(diagnostics::kUnknownPart, name,
                         {primitives ? "part or primitive" : "part", joined(known)});
}

Json sources_json(const std::map<std::string, device::Source>& sources) {
  Json json = Json::object();
  for (const auto& [field, source] : sources) json[field] = {{"source", source.text}, {"kind", source.kind}};
  return json;
}

std::string sources_text(const std::map<std::string, device::Source>& sources) {
  std::string text = "sources:\n";
  for (const auto& [field, source] : sources)
    text += fmt::format("  {:<22} {} ({})\n", field, source.text, source.kind);
  return text;
}

Document part_document(const device::Part& part) {
  const Json json = {{"name", part.name},
                     {"family", part.family},
                     {"board", part.board},
                     {"primitive", part.primitive},
                     {"synthesis", part.synthesis},
                     {"dsp", part.dsps.value},
                     {"lut", part.luts.value},
                     {"lut_inputs", part.lut_inputs},
                     {"ff", part.flip_flops.value},
                     {"bram18", part.bram18s.value},
                     {"uram", part.urams.value},
                     {"memory_port_bits", part.memory_port_bits},
                     {"memory_mbytes_per_second", part.memory_mbytes_per_second},
                     {"clock_mhz", part.clock_mhz},
                     {"sources", sources_json(part.sources)}};
  std::string text =
      fmt::format("{} ({}{}{})\n", part.name, part.family, part.board.empty() ? "" : ", ", part.board);
  text += fmt::format("  {} {}, {} LUT{}, {} FF, {} BRAM18, {} URAM\n", part.dsps.value, part.primitive,
                      part.luts.value, part.lut_inputs, part.flip_flops.value, part.bram18s.value,
                      part.urams.value);
  if (part.memory_port_bits > 0) {
    text += fmt::format("  board memory: {} MB/s at its peak, AXI ports of {} bits\n",
                        part.memory_mbytes_per_second, part.memory_port_bits);
  }
  text += fmt::format("  default clock {} MHz (assumption), synthesis: {}\n", part.clock_mhz, part.synthesis);
  return {text + sources_text(part.sources), json_text(json, 2)};
}

Document primitive_document(const device::Primitive& p) {
  const Json json = {{"name", p.name},
                     {"cell", p.cell},
                     {"rtl_module", p.rtl_module},
                     {"wide_bits", p.wide_bits},
                     {"narrow_bits", p.narrow_bits},
                     {"product_bits", p.product_bits},
                     {"accumulator_bits", p.accumulator_bits},
                     {"preadder_bits", p.preadder_bits},
                     {"cascade", p.cascade},
                     {"constant_with_product", p.constant_with_product},
                     {"internal_registers", p.internal_registers},
                     {"split_multipliers", p.split_multipliers},
                     {"split_bits", p.split_bits},
                     {"split_accumulator_bits", p.split_accumulator_bits},
                     {"split_rtl", p.split_rtl},
                     {"sources", sources_json(p.sources)}};
  std::string text = fmt::format("{}: {} x {} signed multiplier, {}-bit product, {}-bit accumulator\n",
                                 p.name, p.wide_bits, p.narrow_bits, p.product_bits, p.accumulator_bits);
  text += fmt::format("  pre-adder {}, cascade {}, constant beside the product {}, cell {}, module {}\n",
                      p.preadder_bits == 0 ? "none" : fmt::format("{} bits", p.preadder_bits),
                      p.cascade ? "yes" : "no", p.constant_with_product ? "yes" : "no", p.cell, p.rtl_module);
  if (p.split_multipliers > 0) {
    text += fmt::format("  or {} multipliers of {} x {}, {}-bit accumulators{}\n", p.split_multipliers,
                        p.split_bits, p.split_bits, p.split_accumulator_bits,
                        p.split_rtl ? "" : ", which no module uses");
  }
  return {text + sources_text(p.sources), json_text(json, 2)};
}

}  // namespace

Result<PartAndPrimitive> find_part(const DataFolders& data, const std::string& name) {
  auto database = device::load_database(data.devices());
  if (!database) return database.errors();
  const device::Part* part = database->find_part(name);
  const device::Primitive* primitive = part == nullptr ? nullptr : database->find_primitive(part->primitive);
  if (primitive == nullptr) return unknown(name, *database, false);
  return PartAndPrimitive{*part, *primitive};
}

Result<device::Primitive> find_primitive(const DataFolders& data, const std::string& name) {
  auto database = device::load_database(data.devices());
  if (!database) return database.errors();
  if (const auto* primitive = database->find_primitive(name)) return *primitive;
  if (const auto* part = database->find_part(name)) return *database->find_primitive(part->primitive);
  return unknown(name, *database, true);
}

Result<Document> list_devices(const DataFolders& data) {
  auto database = device::load_database(data.devices());
  if (!database) return database.errors();
  Json json = {{"parts", Json::array()}, {"primitives", Json::array()}};
  std::string text = fmt::format("{:<16} {:<14} {:<12} {:>6} {:>8} {:>8} {:>7} {:>5}\n", "part", "family",
                                 "primitive", "DSP", "LUT", "FF", "BRAM18", "URAM");
  for (const auto& part : database->parts) {
    text += fmt::format("{:<16} {:<14} {:<12} {:>6} {:>8} {:>8} {:>7} {:>5}\n", part.name, part.family,
                        part.primitive, part.dsps.value, part.luts.value, part.flip_flops.value,
                        part.bram18s.value, part.urams.value);
    json["parts"].push_back(part.name);
  }
  for (const auto& primitive : database->primitives) json["primitives"].push_back(primitive.name);
  return Document{text, json_text(json, 2)};
}

Result<Document> show_device(const DataFolders& data, const std::string& name) {
  auto database = device::load_database(data.devices());
  if (!database) return database.errors();
  if (const auto* part = database->find_part(name)) return part_document(*part);
  if (const auto* primitive = database->find_primitive(name)) return primitive_document(*primitive);
  return unknown(name, *database, true);
}

Result<Document> check_devices(const DataFolders& data) {
  auto database = device::load_database(data.devices());
  if (!database) return database.errors();
  if (Diagnostics findings = device::check(*database); !findings.empty()) return findings;
  const Json json = {
      {"ok", true}, {"parts", database->parts.size()}, {"primitives", database->primitives.size()}};
  return Document{fmt::format("{} parts and {} primitives are consistent\n", database->parts.size(),
                              database->primitives.size()),
                  json_text(json, 2)};
}

}  // namespace bitmason::flow
