#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "flow/measured_costs.hpp"
#include "flow/packing_cell.hpp"

namespace bitmason::flow {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kWidths = 8;

/// devices/published/<primitive>_density.json: its schemes; empty where there is no such file.
Json published_schemes(const DataFolders& data, const std::string& primitive) {
  std::string name = primitive;
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto text = read_file(data.devices() / "published" / (name + "_density.json"));
  if (!text) return Json::object();
  const Json file = Json::parse(*text, nullptr, false);
  return file.is_object() ? file.value("schemes", Json::object()) : Json::object();
}

/// The largest published density of a cell; nothing where none is known.
std::optional<double> best_published(const Json& schemes, const std::string& kernel,
                                     const std::string& cell) {
  std::optional<double> best;
  for (const auto& [name, scheme] : schemes.items()) {
    if (!scheme.contains(kernel) || !scheme[kernel].contains(cell)) continue;
    const double density = scheme[kernel][cell].get<double>();
    if (!best || density > *best) best = density;
  }
  return best;
}

std::string sources_of(const Json& schemes) {
  std::string text;
  for (const auto& [name, scheme] : schemes.items()) {
    text += fmt::format("  {} ({})\n", scheme.value("source", ""), scheme.value("exact", ""));
  }
  return text;
}

/// Cells against the published ones.
struct Tally {
  int denser = 0;
  int equal = 0;
  int below = 0;

  void add(double ours, double theirs) {
    constexpr double kRounding = 0.006;  // published densities have two decimals
    if (ours > theirs + kRounding) {
      ++denser;
    } else {
      ++(ours < theirs - kRounding ? below : equal);
    }
  }
};

}  // namespace

Result<Document> pack_table(const PackRequest& request, const device::Primitive& primitive,
                            const Progress& progress) {
  const Json published = published_schemes(request.data, primitive.name);
  const auto measured = MeasuredCosts::load(request.data, primitive);
  if (!measured) return measured.errors();
  pack::CellSolver solver = solver_of(primitive, request);
  Json json;
  Json fronts;
  std::string text = fmt::format(
      "{}: products per multiplier and cycle, without edge losses, at most 3 side bits a field.\n"
      "Narrow weights ({{0, 1}} for one bit), unsigned activations{}{}.{}{}\n",
      primitive.name, request.fewer_levels ? "" : " of all 2^a levels", limits_text(request),
      request.most_luts ? " -: nothing is left." : "",
      published.empty() ? "" : " In brackets the densest published.");
  for (const int kernel : {1, 3, 5}) {
    const std::string row = fmt::format("K{}", kernel);
    progress(fmt::format("solving 64 cells of kernel rows of {}", kernel));
    text += fmt::format("\nK = {}", kernel);
    for (int a = 1; a <= kWidths; ++a) text += fmt::format("{:>16}", fmt::format("a{}", a));
    text += "\n";
    Tally tally;
    Tally wide;  // of 2 bits and more
    for (int w = 1; w <= kWidths; ++w) {
      text += fmt::format("w{:<4}", w);
      for (int a = 1; a <= kWidths; ++a) {
        const std::string name = fmt::format("w{}a{}", w, a);
        const auto front = solver.front(restricted(pack::cell_of_widths(w, a, kernel), request));
        const double density = front.empty() ? 0 : front.front().density();
        json[row][name] = density;
        if (request.fronts) {
          fronts[row][name] = Json::array();
          for (const auto& scheme : front)
            fronts[row][name].push_back(Json::parse(json_of(scheme, primitive, *measured)));
        }
        const auto theirs = best_published(published, row, name);
        if (theirs) tally.add(density, *theirs);
        if (theirs && w > 1 && a > 1) wide.add(density, *theirs);
        const std::string bracket = theirs ? fmt::format("({:.2f})", *theirs) : "";
        text += front.empty() ? fmt::format("{:>7} {:<8}", "-", bracket)
                              : fmt::format("{:>7.2f} {:<8}", density, bracket);
      }
      text += "\n";
    }
    if (tally.denser + tally.equal + tally.below > 0) {
      text += fmt::format(
          "against the published: denser in {}, equal in {}, below in {} cells; of 2 bits and more {}, {}, "
          "{}\n",
          tally.denser, tally.equal, tally.below, wide.denser, wide.equal, wide.below);
    }
  }
  if (request.most_luts) text += lut_note(request.data, primitive);
  if (!published.empty()) text += "\nPublished\n" + sources_of(published);
  if (request.fronts) json["fronts"] = fronts;
  if (!limits_text(request).empty()) json["limits"] = Json::parse(limits_json(request));
  return Document{text, json_text(json, 2)};
}

}  // namespace bitmason::flow
