#include <algorithm>
#include <chrono>
#include <mutex>
#include <tuple>

#include <fmt/format.h>

#include "base/file.hpp"
#include "flow/diagnostics.hpp"
#include "flow/known_points.hpp"
#include "flow/packing_bench.hpp"
#include "flow/packing_cell.hpp"
#include "flow/packing_sample.hpp"
#include "flow/scheme_costs.hpp"
#include "flow/workbench.hpp"
#include "plan/multiplier_ports.hpp"
#include "verify/jobs.hpp"

namespace bitmason::flow {

namespace {

using Outcome = std::variant<PackingCost, SchemeCost, std::string>;

/// A direct packing or a scheme to be measured, its cell by index, and what came of it.
struct Task {
  std::size_t cell = 0;
  pack::Scheme scheme;
  std::optional<Outcome> outcome{};

  [[nodiscard]] bool direct() const { return scheme.method == pack::Method::Direct; }
  [[nodiscard]] const pack::Packing& packing() const { return scheme.parts.front().packing; }
  [[nodiscard]] std::string text() const { return direct() ? to_text(packing()) : text_of(scheme); }
};

auto order(const CellCosts& cell) {
  return std::tuple(cell.kernel, cell.weight_bits, cell.activation_bits);
}

std::string name_of(const CellCosts& cell) {
  return cell_name(cell.kernel, cell.weight_bits, cell.activation_bits);
}

std::vector<CellCosts> without_earlier_rtl(std::vector<CellCosts> cells) {
  for (CellCosts& cell : cells)
    std::erase_if(cell.points, [](const PackingCost& cost) { return !cost.earlier_rtl.empty(); });
  return cells;
}

/// Measures the tasks of many cells and keeps the file up to date, cell by cell.
class Campaign {
 public:
  Campaign(const PackingBench& bench, const PackMeasureRequest& request, const Progress& progress)
      : bench_(bench), request_(request), progress_(progress) {}

  /// Errors: those of reading the file, BM-FLOW-022.
  Status take_over() {
    costs_.origin = bench_.origin();
    std::error_code error;
    if (!std::filesystem::exists(request_.file, error)) return success();
    auto earlier = read_costs_of(bench_.primitive(), request_.file);
    if (!earlier) return earlier.errors();
    const bool usable = compatible(earlier->origin, bench_.origin()) ||
                        (request_.keep_earlier && carry_over(*earlier, bench_.origin()));
    if (!usable) {
      return make_diagnostic(diagnostics::kOtherOrigin, request_.file.string(),
                             {to_text(earlier->origin), to_text(bench_.origin())});
    }
    costs_.cells = std::move(earlier->cells);
    known_ = KnownPoints(request_.keep_earlier ? costs_.cells : without_earlier_rtl(costs_.cells));
    return success();
  }

  void add_cell(int kernel, int weight_bits, int activation_bits, pack::CellSolver& solver) {
    CellCosts cell{.kernel = kernel, .weight_bits = weight_bits, .activation_bits = activation_bits};
    pack::Cell asked = pack::cell_of_widths(weight_bits, activation_bits, kernel);
    const std::vector<pack::Scheme> front = solver.front(asked);
    for (const pack::Scheme& scheme : front) {
      if (scheme.method == pack::Method::Direct) add_packing(scheme);
    }
    // What other methods beat on the front is what the array offers all the same.
    asked.array_only = true;
    for (const pack::Scheme& scheme : solver.front(asked)) add_packing(scheme);
    add_schemes(cell, front);
    cells_.push_back(std::move(cell));
    open_.push_back(0);
  }

  Result<PackingCosts> run() {
    for (const Task& task : tasks_) ++open_[task.cell];
    for (std::size_t k = 0; k < cells_.size(); ++k) {
      if (open_[k] == 0) enter(cells_[k]);
    }
    progress_(fmt::format("{} packings and schemes of {} cells to measure", tasks_.size(), cells_.size()));
    const auto measured =
        verify::run_jobs(bench_.jobs(), tasks_.size(), [&](std::size_t k) { return measure(k); });
    if (!measured) return measured.errors();
    if (auto written = write_file(request_.file, json_of(costs_)); !written) return written.errors();
    return costs_;
  }

 private:
  /// A task of the cell that is about to be added, unless it has it.
  void add_packing(const pack::Scheme& scheme) {
    const std::string text = json_of(scheme.parts.front().packing);
    for (const Task& task : tasks_) {
      if (task.cell == cells_.size() && json_of(task.packing()) == text) return;
    }
    Task task{cells_.size(), scheme};
    if (auto known = known_.packing(scheme.parts.front().packing)) task.outcome = *std::move(known);
    tasks_.push_back(std::move(task));
  }

  /// The schemes of a front, densest first, as long as the cell has less than its points.
  void add_schemes(CellCosts& cell, const std::vector<pack::Scheme>& front) {
    auto points = std::count_if(tasks_.begin(), tasks_.end(),
                                [&](const Task& task) { return task.cell == cells_.size(); });
    for (const pack::Scheme& scheme : front) {
      if (scheme.method == pack::Method::Direct) continue;
      Task task{cells_.size(), scheme};
      if (auto known = known_.scheme(cell, scheme)) task.outcome = *std::move(known);
      if (auto reason = task.outcome ? std::nullopt : bench_.refusal(scheme)) {
        cell.not_realised.push_back({text_of(scheme), *std::move(reason)});
      } else if (task.outcome || points < request_.points) {
        tasks_.push_back(std::move(task));
        ++points;
      } else {
        ++cell.schemes_left;
      }
    }
  }

  Result<Outcome> outcome_of(const Task& task) const {
    if (task.outcome) return *task.outcome;
    const auto widened = [](auto&& outcome) {
      return std::visit([](auto&& one) { return Outcome(std::forward<decltype(one)>(one)); },
                        std::forward<decltype(outcome)>(outcome));
    };
    if (task.direct()) {
      auto outcome = bench_.measure(task.packing());
      if (!outcome) return outcome.errors();
      return widened(*std::move(outcome));
    }
    auto outcome = bench_.measure(task.scheme);
    if (!outcome) return outcome.errors();
    return widened(*std::move(outcome));
  }

  Status measure(std::size_t k) {
    const auto start = std::chrono::steady_clock::now();
    auto outcome = outcome_of(tasks_[k]);
    if (!outcome) return outcome.errors();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const std::lock_guard lock(mutex_);
    tasks_[k].outcome = *std::move(outcome);
    tell(tasks_[k], seconds);
    return --open_[tasks_[k].cell] > 0 ? success() : finish_cell(tasks_[k].cell);
  }

  /// What the cache holds takes no time and says nothing of the rest.
  void tell(const Task& task, double seconds) {
    constexpr double kFromCache = 0.5;
    ++done_;
    if (seconds > kFromCache) {
      ++timed_;
      seconds_ += seconds;
    }
    const auto left = static_cast<double>(tasks_.size() - done_);
    const double minutes = timed_ == 0 ? 0 : left * seconds_ / timed_ / bench_.jobs() / 60;
    std::string what = "refused";
    if (const auto* cost = std::get_if<PackingCost>(&*task.outcome)) {
      what = fmt::format("{:.1f} LUT a lane, {:.0f} a column", cost->lane_luts(), cost->decoder_luts());
    } else if (const auto* adders = std::get_if<SchemeCost>(&*task.outcome)) {
      what = fmt::format("{} LUT a lane, {} a channel", adders->lane.luts, adders->channel.luts);
    }
    progress_(fmt::format("  {} of {}: {}, {}: {}, {:.0f} s; at most about {:.0f} min left", done_,
                          tasks_.size(), name_of(cells_[task.cell]), task.text(), what, seconds, minutes));
  }

  Status finish_cell(std::size_t index) {
    CellCosts& cell = cells_[index];
    for (const Task& task : tasks_) {
      if (task.cell != index) continue;
      if (const auto* cost = std::get_if<PackingCost>(&*task.outcome)) {
        cell.points.push_back(*cost);
      } else if (const auto* scheme = std::get_if<SchemeCost>(&*task.outcome)) {
        cell.schemes.push_back(*scheme);
      } else {
        cell.not_realised.push_back(
            {task.text(), "elaboration stops at " + std::get<std::string>(*task.outcome)});
      }
    }
    std::stable_sort(cell.points.begin(), cell.points.end(), [](const PackingCost& a, const PackingCost& b) {
      return a.packing.density() > b.packing.density();
    });
    enter(cell);
    return write_file(request_.file, json_of(costs_));
  }

  void enter(const CellCosts& cell) {
    const auto place =
        std::lower_bound(costs_.cells.begin(), costs_.cells.end(), cell,
                         [](const CellCosts& a, const CellCosts& b) { return order(a) < order(b); });
    if (place != costs_.cells.end() && order(*place) == order(cell)) {
      *place = cell;
    } else {
      costs_.cells.insert(place, cell);
    }
  }

  const PackingBench& bench_;
  const PackMeasureRequest& request_;
  const Progress& progress_;
  std::mutex mutex_;
  PackingCosts costs_;
  KnownPoints known_;  ///< of the file: they are not measured again
  std::vector<CellCosts> cells_;
  std::vector<std::size_t> open_;  ///< tasks of each cell without an outcome
  std::vector<Task> tasks_;
  std::size_t done_ = 0;
  int timed_ = 0;
  double seconds_ = 0;
};

std::vector<int> numbers(const std::vector<int>& asked, const std::vector<int>& all) {
  return asked.empty() ? all : asked;
}

Status check(const PackMeasureRequest& request) {
  for (const auto& [list, what] :
       {std::pair{&request.weight_bits, "weight bits"}, {&request.activation_bits, "activation bits"}}) {
    for (const int bits : *list) {
      if (bits >= 1 && bits <= 8) continue;
      return make_diagnostic(diagnostics::kBadNumber, what, {std::to_string(bits), "between 1 and 8", "4"});
    }
  }
  for (const int kernel : request.kernels) {
    if (kernel == 1 || kernel == 3 || kernel == 5) continue;
    return make_diagnostic(diagnostics::kBadNumber, "kernel taps",
                           {std::to_string(kernel), "1, 3 or 5", "3"});
  }
  return success();
}

}  // namespace

Result<Document> measure_packings(const PackRequest& request, const Progress& progress) {
  const PackMeasureRequest& measure = *request.measure;
  if (auto checked = check(measure); !checked) return checked.errors();
  if (measure.sample) return sample_packings(request, progress);
  const auto bench = PackingBench::open(request.data, request.primitive,
                                        cache_of(measure.cache, measure.file), measure.jobs);
  if (!bench) return bench.errors();
  Campaign campaign(*bench, measure, progress);
  if (auto taken = campaign.take_over(); !taken) return taken.errors();
  pack::CellSolver solver(plan::ports_of(bench->primitive()));
  for (const int kernel : numbers(measure.kernels, {1, 3, 5})) {
    progress(fmt::format("solving the cells of kernel rows of {}", kernel));
    for (const int w : numbers(measure.weight_bits, {1, 2, 3, 4, 5, 6, 7, 8})) {
      for (const int a : numbers(measure.activation_bits, {1, 2, 3, 4, 5, 6, 7, 8})) {
        campaign.add_cell(kernel, w, a, solver);
      }
    }
  }
  const auto costs = campaign.run();
  if (!costs) return costs.errors();
  return Document{to_text(*costs), json_of(*costs)};
}

}  // namespace bitmason::flow
