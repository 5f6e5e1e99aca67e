#include <algorithm>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"
#include "flow/device_access.hpp"
#include "flow/diagnostics.hpp"
#include "flow/flow.hpp"
#include "flow/measured_costs.hpp"
#include "flow/packing_cell.hpp"
#include "flow/packing_costs.hpp"
#include "plan/multiplier_ports.hpp"

namespace bitmason::flow {

namespace {

using Json = nlohmann::ordered_json;

Json range_json(const IntRange& range) {
  return {range.lo, range.hi};
}

std::string indented(const std::string& text, std::string_view margin) {
  std::string result;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    result += fmt::format("{}{}\n", margin, text.substr(start, end - start));
    start = end + 1;
  }
  return result;
}

std::string operands_text(const pack::Packing& packing) {
  return fmt::format("weights [{}, {}], activations [{}, {}]", packing.weight.lo, packing.weight.hi,
                     packing.activation.lo, packing.activation.hi);
}

std::string scheme_text(const pack::Scheme& scheme, const device::Primitive& primitive,
                        const std::optional<PackingCost>& synthesised) {
  std::string text = fmt::format(
      "{:>8.2f} {:>9.1f} {:>11} {:>8.1f}  {}{}{}{}\n", scheme.density(), scheme.luts_per_mac,
      synthesised
          ? fmt::format("{:.1f}{}", synthesised->luts_per_mac(), synthesised->earlier_rtl.empty() ? "" : "*")
          : "-",
      scheme.weight_bits, to_text(scheme.method), scheme.detail.empty() ? "" : ", " + scheme.detail,
      scheme.all_levels ? "" : ", one activation level less",
      has_rtl(scheme, primitive) ? "" : ", no RTL yet");
  // Parts that read the same stand once, with the sum of their counts.
  std::vector<std::pair<std::string, int>> lines;
  for (const auto& part : scheme.parts) {
    const std::string line = fmt::format("{}: {}\n{:41}{}\n", part.product.role, to_text(part.packing), "",
                                         operands_text(part.packing));
    const auto known = std::ranges::find(lines, line, &std::pair<std::string, int>::first);
    if (known == lines.end())
      lines.emplace_back(line, part.product.count);
    else
      known->second += part.product.count;
  }
  for (const auto& [line, count] : lines) text += fmt::format("{:41}{} x {}", "", count, line);
  return text;
}

Result<pack::Cell> cell_of(const PackRequest& request) {
  for (const auto& [bits, what] : {std::pair{request.weight_bits, "weight bits"},
                                   {request.activation_bits, "activation bits"},
                                   {request.kernel, "kernel taps"}}) {
    if (bits < 1 || bits > 16) {
      return make_diagnostic(diagnostics::kBadNumber, what, {std::to_string(bits), "between 1 and 16", "4"});
    }
  }
  pack::Cell cell = pack::cell_of_widths(request.weight_bits, request.activation_bits, request.kernel);
  for (const auto& [range, what, of_cell] :
       {std::tuple{request.weights, "range of weights", &cell.weight},
        {request.activations, "range of activations", &cell.activation}}) {
    if (!range) continue;
    *of_cell = range->united({0, 0});  // idle operands are 0
    if (range->lo < range->hi && of_cell->bits() <= 16) continue;
    return make_diagnostic(diagnostics::kBadRange, what,
                           {std::to_string(range->lo), std::to_string(range->hi)});
  }
  if (request.wide_weights) cell.weight = IntRange::signed_bits(request.weight_bits);
  if (request.signed_activations) cell.activation = IntRange::signed_bits(request.activation_bits);
  return restricted(cell, request);
}

/// The drawing of every scheme that is a single packing.
std::string drawings(const std::vector<pack::Scheme>& front) {
  std::string text;
  for (const auto& scheme : front) {
    if (scheme.parts.size() > 1) continue;
    const auto& packing = scheme.parts.front().packing;
    text +=
        fmt::format("\n{}, {}\n{}", to_text(packing), operands_text(packing), indented(draw(packing), "  "));
  }
  return text;
}

/// The direct packings of one array, plain operands, that the front of all methods lacks.
std::vector<pack::Scheme> array_packings(const device::Primitive& primitive, pack::Cell cell,
                                         const std::vector<pack::Scheme>& front) {
  cell.array_only = true;
  std::vector<pack::Scheme> alone =
      pack::CellSolver(plan::ports_of(primitive), plan::usable_split_ports_of(primitive)).front(cell);
  std::erase_if(alone, [&](const pack::Scheme& one) {
    return std::ranges::any_of(front, [&](const pack::Scheme& shown) {
      return shown.parts.size() == 1 && json_of(shown.parts[0].packing) == json_of(one.parts[0].packing);
    });
  });
  return alone;
}

/// True where a figure was measured with other RTL than the file's own.
bool has_earlier_rtl(const std::vector<pack::Scheme>& schemes, const MeasuredCosts& measured) {
  return std::ranges::any_of(schemes, [&](const pack::Scheme& scheme) {
    const auto synthesised = measured.of(scheme);
    return synthesised && !synthesised->earlier_rtl.empty();
  });
}

/// Rows of schemes, and their JSON with the synthesised figure where there is one.
std::string rows(const std::vector<pack::Scheme>& schemes, const device::Primitive& primitive,
                 const MeasuredCosts& measured, Json& json) {
  std::string text;
  json = Json::array();
  for (const auto& scheme : schemes) {
    text += scheme_text(scheme, primitive, measured.of(scheme));
    json.push_back(Json::parse(json_of(scheme, primitive, measured)));
  }
  return text;
}

/// Proves every packing of the front; those whose decoder z3 leaves open stand apart. Errors: BM-FLOW-012
/// where one does not hold.
Result<std::string> prove_front(const std::vector<pack::Scheme>& front, Json& schemes,
                                const Progress& progress) {
  std::vector<std::string> proved;
  std::vector<std::string> open;
  for (std::size_t k = 0; k < front.size(); ++k) {
    for (std::size_t p = 0; p < front[k].parts.size(); ++p) {
      const auto& packing = front[k].parts[p].packing;
      progress("proving " + to_text(packing));
      auto evidence = prove_packing(packing);
      if (!evidence) return evidence.errors();
      if (!evidence->holds) {
        return make_diagnostic(diagnostics::kNotProved, to_text(packing), {evidence->text});
      }
      std::string line =
          fmt::format("  {}, {}: {}\n", to_text(packing), operands_text(packing), evidence->text);
      auto& lines = evidence->decided ? proved : open;
      if (std::ranges::count(lines, line) == 0) lines.push_back(std::move(line));
      schemes[k]["parts"][p]["proof"] = Json::parse(evidence->json);
    }
  }
  std::string text;
  if (!proved.empty()) text += fmt::format("\nProved: {} packings\n{}", proved.size(), fmt::join(proved, ""));
  if (!open.empty())
    text +=
        fmt::format("\nProved but for the decoder in z3: {} packings\n{}", open.size(), fmt::join(open, ""));
  return text;
}

}  // namespace

pack::CellSolver solver_of(const device::Primitive& primitive, const PackRequest& request) {
  return pack::CellSolver(plan::ports_of(primitive), request.direct ? plan::usable_split_ports_of(primitive)
                                                                    : plan::split_ports_of(primitive));
}

pack::Cell restricted(pack::Cell cell, const PackRequest& request) {
  cell.fewer_levels = request.fewer_levels;
  cell.array_only = request.direct;
  if (request.most_luts) cell.most_luts = *request.most_luts;
  return cell;
}

std::string limits_text(const PackRequest& request) {
  std::string text;
  if (request.direct) text += ", only direct packings in one array";
  if (request.most_luts) text += fmt::format(", at most {} LUTs per MAC (estimated)", *request.most_luts);
  if (request.fewer_levels) text += ", activations of 2^a or 2^a - 1 levels";
  return text;
}

std::string limits_json(const PackRequest& request) {
  Json json = Json::object();
  if (request.direct) json["direct"] = true;
  if (request.most_luts) json["most_luts"] = *request.most_luts;
  if (request.fewer_levels) json["fewer_levels"] = true;
  return json_text(json);
}

std::string lut_note(const DataFolders& data, const device::Primitive& primitive) {
  const auto database = device::load_database(data.devices());
  if (!database) return "";
  for (const device::Part& part : database->parts) {
    if (part.primitive != primitive.name || part.lut_inputs >= 6) continue;
    return fmt::format(
        "\nLUTs are estimated as 6-input LUTs. {} has LUTs of {} inputs, of which synthesis counts up to six "
        "times as many.\n",
        part.name, part.lut_inputs);
  }
  return "";
}

Result<Document> pack(const PackRequest& request, const Progress& progress) {
  if (request.measure) return measure_packings(request, progress);
  const auto primitive = find_primitive(request.data, request.primitive);
  if (!primitive) return primitive.errors();
  if (request.table) return pack_table(request, *primitive, progress);
  const auto cell = cell_of(request);
  if (!cell) return cell.errors();
  pack::CellSolver solver = solver_of(*primitive, request);
  const auto front = solver.front(*cell);
  if (front.empty()) {
    return make_diagnostic(
        diagnostics::kNoPacking, primitive->name,
        {std::to_string(request.weight_bits), std::to_string(request.activation_bits), primitive->name,
         limits_text(request), request.most_luts ? "allow more LUTs" : "use fewer bits"});
  }
  const auto measured = MeasuredCosts::load(request.data, *primitive);
  if (!measured) return measured.errors();
  Json json = {{"primitive", primitive->name},
               {"weight_range", range_json(cell->weight)},
               {"activation_range", range_json(cell->activation)},
               {"kernel", cell->kernel},
               {"limits", Json::parse(limits_json(request))}};
  std::string text = fmt::format(
      "{} {} x {}: weights [{}, {}], activations [{}, {}], kernel {}{}\n\n"
      "MAC/DSP   LUT/MAC             bits per  how\n        estimated synthesised   weight\n",
      primitive->name, primitive->wide_bits, primitive->narrow_bits, cell->weight.lo, cell->weight.hi,
      cell->activation.lo, cell->activation.hi, cell->kernel, limits_text(request));
  text += rows(front, *primitive, *measured, json["front"]);
  const auto alone = array_packings(*primitive, *cell, front);
  const std::string alone_text = rows(alone, *primitive, *measured, json["array_packings"]);
  if (!alone.empty())
    text += "\nand direct packings of plain operands in one array, which the front has no room for\n" +
            alone_text;
  const bool earlier = has_earlier_rtl(front, *measured) || has_earlier_rtl(alone, *measured);
  if (!measured->origin().empty()) {
    text += fmt::format("\nsynthesised: the array alone, from packed operands to sums; {}{}\n",
                        measured->origin(), earlier ? "\n* with the RTL before its last change" : "");
    json["synthesised_with"] = measured->origin();
  }
  text += lut_note(request.data, *primitive) + drawings(front) + drawings(alone);
  text +=
      "\nDrawings: bit 0 on the right; digits and letters number the operands of a port and the fields of "
      "the sum, + where they "
      "overlap, . unused.\n"
      "n: products summed before fields are read; G(n, v): with v residue bits; C(c): any number, carries of "
      "c bits "
      "counted (docs/packing.md).\n"
      "Every packing was checked on its exact ranges (ports, gaps or carries, top field, bias); --prove adds "
      "evidence.\n";
  for (const auto& [schemes, name] : {std::pair{&front, "front"}, {&alone, "array_packings"}}) {
    if (!request.prove) break;
    auto proofs = prove_front(*schemes, json[name], progress);
    if (!proofs) return proofs.errors();
    text += *proofs;
  }
  return Document{text, json_text(json, 2)};
}

}  // namespace bitmason::flow
