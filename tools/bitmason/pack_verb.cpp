#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include "number_list.hpp"
#include "verbs.hpp"

namespace bitmason::cli {

namespace {

/// Widths and kernels: one of each for a cell, lists for a measurement.
struct Cells {
  std::vector<int> weight_bits;
  std::vector<int> activation_bits;
  std::vector<int> kernels;
};

/// Their options.
std::vector<CLI::Option*> add_cells(CLI::App& verb, Cells& cells) {
  std::vector<CLI::Option*> options;
  const auto add = [&](const char* name, std::vector<int>& list, const char* what) {
    options.push_back(add_number_list(verb, name, list, what));
  };
  add("-w,--weight-bits", cells.weight_bits,
      "weight width, 4 unless given; with --measure a list, all unless given");
  add("-a,--activation-bits", cells.activation_bits, "activation width, likewise");
  add("-k,--kernel", cells.kernels, "taps of a kernel row, 1 (outer products only) unless given; likewise");
  return options;
}

void add_measure(CLI::App& verb, flow::PackMeasureRequest& measure) {
  verb.add_option("--measure", measure.file,
                  "synthesise every point of the fronts with Yosys into this file; resumes")
      ->type_name("FILE")
      ->excludes("--table")
      ->excludes("--prove");
  verb.add_option(
          "--points", measure.points,
          "with --measure: points of a cell, all direct packings and the densest schemes up to so many")
      ->capture_default_str()
      ->check(CLI::Range(0, 100))
      ->needs("--measure");
  verb.add_flag("--keep-earlier", measure.keep_earlier,
                "with --measure: keep packings that were measured with earlier RTL, marked with its digest")
      ->needs("--measure");
  verb.add_option("--sample", measure.sample,
                  "with --measure: measure so many of the file's points again and compare")
      ->needs("--measure");
  verb.add_option("--seed", measure.seed, "of the sample")->capture_default_str()->needs("--sample");
  verb.add_option("--jobs", measure.jobs, "with --measure: processes at a time")
      ->capture_default_str()
      ->check(CLI::Range(1, 64))
      ->needs("--measure");
  verb.add_option("--cache", measure.cache,
                  "with --measure: folder of tool results; default: beside the file")
      ->needs("--measure");
}

/// Exact values of one cell, each two numbers.
struct Ranges {
  std::vector<std::int64_t> weights;
  std::vector<std::int64_t> activations;
};

std::vector<CLI::Option*> add_ranges(CLI::App& verb, Ranges& ranges) {
  return {
      add_number_list(verb, "--weight-range", ranges.weights, "least and largest weight, instead of a width")
          ->type_name("LO,HI"),
      add_number_list(verb, "--activation-range", ranges.activations,
                      "least and largest activation, likewise; --activation-range=-5,2 where it is below 0")
          ->type_name("LO,HI")};
}

std::optional<IntRange> range_of(const char* option, const std::vector<std::int64_t>& list) {
  if (list.empty()) return std::nullopt;
  if (list.size() != 2) throw CLI::ValidationError(option, "takes two numbers, for example -5,2");
  return IntRange{list[0], list[1]};
}

/// The one value of a request without --measure.
int single(const char* option, const std::vector<int>& list, int otherwise) {
  if (list.size() > 1) throw CLI::ValidationError(option, "takes a list with --measure only");
  return list.empty() ? otherwise : list.front();
}

}  // namespace

void add_pack(CLI::App& app, Session& session) {
  auto* verb = app.add_subcommand("pack", "packings of low-bit multiply-accumulates into one DSP");
  auto request = std::make_shared<flow::PackRequest>();
  auto cells = std::make_shared<Cells>();
  auto exact = std::make_shared<Ranges>();
  auto measure = std::make_shared<flow::PackMeasureRequest>();
  verb->add_option("--dsp", request->primitive, "primitive or part")->capture_default_str();
  const std::vector<CLI::Option*> widths = add_cells(*verb, *cells);
  std::vector<CLI::Option*> ranges = add_ranges(*verb, *exact);
  ranges.front()->excludes("--weight-bits");
  ranges.back()->excludes("--activation-bits");
  ranges.push_back(
      verb->add_flag("--full-weights", request->wide_weights, "weights use the most negative code too")
          ->excludes(ranges.front()));
  ranges.push_back(
      verb->add_flag("--signed-activations", request->signed_activations, "two's complement activations")
          ->excludes(ranges[1]));
  CLI::Option* fewer = verb->add_flag("--fewer-levels", request->fewer_levels,
                                      "activations may have 2^a - 1 levels where that packs denser");
  CLI::Option* direct =
      verb->add_flag("--direct", request->direct, "only direct packings of plain operands in one array");
  CLI::Option* most = verb->add_option("--most-luts", request->most_luts,
                                       "leave out what takes more LUTs per MAC, as estimated")
                          ->check([](const std::string& text) {
                            double luts = 0;
                            const bool number = CLI::detail::lexical_cast(text, luts);
                            return number && std::isfinite(luts) && luts > 0
                                       ? std::string{}
                                       : "takes a positive number of LUTs, for example 6.6";
                          });
  direct->excludes(fewer);
  CLI::Option* table =
      verb->add_flag("--table", request->table, "densities of every width beside the published ones");
  verb->add_flag("--fronts", request->fronts, "with --table --json: the front of every cell")
      ->needs("--table");
  verb->add_flag("--prove", request->prove, "evidence for every packing of the front")->excludes("--table");
  add_measure(*verb, *measure);
  // The table has cells of its own, the measurement the ranges of the table, a sample the points of its file.
  for (CLI::Option* option : widths) {
    table->excludes(option);
    verb->get_option("--sample")->excludes(option);
  }
  verb->get_option("--sample")->excludes("--keep-earlier");
  for (CLI::Option* option : ranges) {
    table->excludes(option);
    verb->get_option("--measure")->excludes(option);
  }
  for (CLI::Option* option : {fewer, direct, most}) verb->get_option("--measure")->excludes(option);
  verb->footer(
      "Example: bitmason pack --dsp dsp48e2 -w 4 -a 4 -k 3 --prove\n"
      "         bitmason pack --weight-range=-1,1 --activation-range 0,4 -k 3\n"
      "         bitmason pack --table --most-luts 6.6\n"
      "         bitmason pack --measure costs.json -w 2,4 -a 4 -k 1,3");
  verb->callback([&session, request, cells, exact, measure] {
    if (request->fronts && !session.json)
      throw CLI::ValidationError("--fronts", "is printed with --json only; add --json");
    if (!measure->file.empty()) {
      measure->weight_bits = cells->weight_bits;
      measure->activation_bits = cells->activation_bits;
      measure->kernels = cells->kernels;
      request->measure = *measure;
    } else {
      request->weight_bits = single("--weight-bits", cells->weight_bits, 4);
      request->activation_bits = single("--activation-bits", cells->activation_bits, 4);
      request->kernel = single("--kernel", cells->kernels, 1);
      request->weights = range_of("--weight-range", exact->weights);
      request->activations = range_of("--activation-range", exact->activations);
    }
    session.chosen = [&session, request] {
      request->data = session.data;
      return flow::pack(*request, session.progress);
    };
  });
}

}  // namespace bitmason::cli
