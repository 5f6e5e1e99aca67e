#include "flow/packing_sample.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <random>

#include <fmt/format.h>

#include "flow/diagnostics.hpp"
#include "flow/packing_bench.hpp"
#include "flow/packing_cell.hpp"
#include "flow/scheme_costs.hpp"
#include "verify/jobs.hpp"

namespace bitmason::flow {

namespace {

namespace fs = std::filesystem;

/// A packing's point or a scheme's.
struct Pick {
  std::string name;
  const PackingCost* cost = nullptr;
  const SchemeCost* scheme = nullptr;
};

/// `count` points of the file, or all, in the order of the seed.
std::vector<Pick> picks_of(const PackingCosts& costs, int count, std::uint64_t seed) {
  std::vector<Pick> picks;
  for (const CellCosts& cell : costs.cells) {
    for (const PackingCost& cost : cell.points) {
      picks.push_back({fmt::format("{}, {}", cell_name(cell.kernel, cell.weight_bits, cell.activation_bits),
                                   to_text(cost.packing)),
                       &cost});
    }
    for (const SchemeCost& cost : cell.schemes) {
      picks.push_back({fmt::format("{}, {}", cell_name(cell.kernel, cell.weight_bits, cell.activation_bits),
                                   text_of(cost.scheme)),
                       nullptr, &cost});
    }
  }
  std::mt19937_64 random(seed);
  for (std::size_t k = picks.size(); k > 1; --k) std::swap(picks[k - 1], picks[random() % k]);
  picks.resize(std::min(picks.size(), static_cast<std::size_t>(count)));
  return picks;
}

std::string figures_text(const PackingOutcome& outcome) {
  const auto* cost = std::get_if<PackingCost>(&outcome);
  if (cost == nullptr) return "no array (" + std::get<std::string>(outcome) + ")";
  std::string text;
  for (const ArrayFigures* array : {&cost->few, &cost->many}) {
    text += fmt::format("{}{} lanes: {} LUT, {} FF, {} DSP, {} levels + {} carry bits",
                        text.empty() ? "" : "; ", array->lanes, array->luts, array->flip_flops, array->dsps,
                        array->levels, array->carry_bits);
  }
  return text;
}

std::string figures_text(const SchemeOutcome& outcome) {
  const auto* cost = std::get_if<SchemeCost>(&outcome);
  if (cost == nullptr) return "no module (" + std::get<std::string>(outcome) + ")";
  std::string text;
  for (const auto& [name, adders] : {std::pair{"a lane", &cost->lane}, {"a channel", &cost->channel}}) {
    text += fmt::format("{}{}: {} LUT, {} FF, {} levels + {} carry bits", text.empty() ? "" : "; ", name,
                        adders->luts, adders->flip_flops, adders->levels, adders->carry_bits);
  }
  return text;
}

/// The LUTs of a file that was measured with other RTL may differ by this share: mapping follows names.
constexpr double kOtherRtl = 0.1;

bool same(const ArrayFigures& before, const ArrayFigures& again, bool same_rtl) {
  if (same_rtl) return before == again;
  const auto luts = static_cast<double>(before.luts);
  return before.dsps == again.dsps && std::abs(static_cast<double>(again.luts) - luts) <= kOtherRtl * luts;
}

/// What a point had and what it has measured again.
struct Comparison {
  bool equal = false;
  std::string before;
  std::string again;
};

Result<Comparison> compared(const PackingBench& bench, const Pick& pick, bool same_rtl) {
  if (pick.scheme != nullptr) {
    const auto outcome = bench.measure(pick.scheme->scheme);
    if (!outcome) return outcome.errors();
    const auto* again = std::get_if<SchemeCost>(&*outcome);
    return Comparison{
        again != nullptr && again->lane == pick.scheme->lane && again->channel == pick.scheme->channel,
        figures_text(SchemeOutcome(*pick.scheme)), figures_text(*outcome)};
  }
  const auto outcome = bench.measure(pick.cost->packing);
  if (!outcome) return outcome.errors();
  const auto* again = std::get_if<PackingCost>(&*outcome);
  return Comparison{again != nullptr && same(pick.cost->few, again->few, same_rtl) &&
                        same(pick.cost->many, again->many, same_rtl),
                    figures_text(PackingOutcome(*pick.cost)), figures_text(*outcome)};
}

/// The folder of one sample's syntheses, removed with the object; the user's own cache stays.
class SampleCache {
 public:
  static Result<fs::path> folder_of(const PackMeasureRequest& request) {
    if (request.cache) return *request.cache;
    std::error_code error;
    const fs::path temporary = fs::temp_directory_path(error);
    if (error) return make_diagnostic(diagnostics::kTemporary, "TMPDIR", {error.message()});
    return temporary / fmt::format("bitmason-sample-{}", ::getpid());
  }
  SampleCache(fs::path folder, bool keep) : folder_(std::move(folder)), keep_(keep) {}
  ~SampleCache() {
    std::error_code ignored;
    if (!keep_) fs::remove_all(folder_, ignored);
  }
  SampleCache(const SampleCache&) = delete;
  SampleCache& operator=(const SampleCache&) = delete;

 private:
  fs::path folder_;
  bool keep_;
};

}  // namespace

Result<Document> sample_packings(const PackRequest& request, const Progress& progress) {
  const PackMeasureRequest& measure = *request.measure;
  if (*measure.sample < 1) {
    return make_diagnostic(diagnostics::kBadNumber, "sample",
                           {std::to_string(*measure.sample), "1 or more", "10"});
  }
  const auto folder = SampleCache::folder_of(measure);
  if (!folder) return folder.errors();
  const SampleCache removed(*folder, measure.cache.has_value());
  const auto bench = PackingBench::open(request.data, request.primitive, *folder, measure.jobs);
  if (!bench) return bench.errors();
  const auto costs = read_costs_of(bench->primitive(), measure.file);
  if (!costs) return costs.errors();
  const auto same_rtl_of = [&](const Pick& pick) {
    if (pick.cost == nullptr) return costs->origin.rtl_adders == bench->origin().rtl_adders;
    const pack::Packing& packing = pick.cost->packing;
    return pick.cost->earlier_rtl.empty() && costs->origin.rtl_of(packing) == bench->origin().rtl_of(packing);
  };
  const std::vector<Pick> picks = picks_of(*costs, *measure.sample, measure.seed);
  const bool all_same_rtl = std::ranges::all_of(picks, same_rtl_of);
  std::mutex mutex;
  Diagnostics differences;
  std::size_t done = 0;
  const auto one = [&](std::size_t k) -> Status {
    const bool same_rtl = same_rtl_of(picks[k]);
    const auto comparison = compared(*bench, picks[k], same_rtl);
    if (!comparison) return comparison.errors();
    const bool equal = comparison->equal;
    const std::lock_guard lock(mutex);
    progress(fmt::format("  {} of {}: {}: {}", ++done, picks.size(), picks[k].name,
                         !equal     ? "other figures"
                         : same_rtl ? "the same figures"
                                    : "figures as near as other RTL allows"));
    if (!equal) {
      differences.push_back(make_diagnostic(
          diagnostics::kMeasuresOther, measure.file.string(),
          {picks[k].name, costs->origin.tool, comparison->before, bench->origin().tool, comparison->again}));
    }
    return success();
  };
  if (auto status = verify::run_jobs(bench->jobs(), picks.size(), one); !status) return status.errors();
  if (!differences.empty()) return differences;
  const std::string found =
      all_same_rtl
          ? "the same LUT, FF, DSP and depth"
          : fmt::format("DSP the same, LUT within {:.0f} % where a point was measured with other RTL",
                        100 * kOtherRtl);
  return Document{fmt::format("{} points of {} measured again with {}: {}\n", picks.size(),
                              measure.file.filename().string(), bench->origin().tool, found),
                  fmt::format("{{\"measured_again\": {}, \"equal\": {}, \"same_rtl\": {}}}", picks.size(),
                              all_same_rtl, all_same_rtl)};
}

}  // namespace bitmason::flow
