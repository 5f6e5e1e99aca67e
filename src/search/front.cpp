#include "search/front.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"
#include "search/diagnostics.hpp"

namespace bitmason::search {

namespace {

using Json = nlohmann::ordered_json;

/// True where a is at least as good in everything and better in something.
bool beats(const Point& a, const Point& b) {
  const bool measured = a.accuracy && b.accuracy;
  const double error_a = measured ? -*a.accuracy : a.loss;
  const double error_b = measured ? -*b.accuracy : b.loss;
  const bool no_worse = error_a <= error_b && a.interval <= b.interval && a.total.dsps <= b.total.dsps &&
                        a.total.luts <= b.total.luts;
  return no_worse && (error_a < error_b || a.interval < b.interval || a.total.dsps < b.total.dsps ||
                      a.total.luts < b.total.luts);
}

}  // namespace

Result<Point> planned(const Problem& problem, const std::string& engine, const Found& found,
                      std::int64_t budget) {
  const auto network = problem.blueprint.with_bits(found.bits);
  if (!network) return network.errors();
  plan::Budget target = problem.target.budget;
  target.target_fps = target.clock_mhz * 1e6 / static_cast<double>(budget);
  const auto plan = plan::solve(*network, problem.target.part, problem.target.primitive, target);
  if (!plan) return plan.errors();
  return Point{.engine = engine,
               .bits = found.bits,
               .budget = budget,
               .interval = plan->interval,
               .total = plan->total,
               .loss = found.loss,
               .bound = found.bound,
               .accuracy = {}};
}

Result<std::vector<Point>> search_all(const Problem& problem, const std::vector<Engine>& engines,
                                      const std::function<Status(Point&)>& finish,
                                      const SearchProgress& progress) {
  std::vector<Point> points;
  for (const std::int64_t interval : problem.tables.intervals()) {
    for (const Engine& engine : engines) {
      const auto searched = engine.search(problem, interval);
      if (!searched) return searched.errors();
      const std::optional<Found>& found = *searched;
      progress(interval, engine, found);
      if (!found) continue;
      auto point = planned(problem, engine.name, *found, interval);
      if (!point) return point.errors();
      if (const auto status = finish(*point); !status) return status.errors();
      points.push_back(*std::move(point));
    }
  }
  if (!points.empty()) return points;
  return make_diagnostic(
      diagnostics::kNothingFound, problem.blueprint.network().name(),
      {fmt::format("{}", fmt::join(problem.tables.intervals(), ", ")), problem.target.part.name});
}

std::vector<bool> pareto(const std::vector<Point>& points) {
  std::vector<bool> front;
  for (const Point& point : points) {
    bool beaten = false;
    for (const Point& other : points) beaten = beaten || beats(other, point);
    front.push_back(!beaten);
  }
  return front;
}

std::string to_json(const std::string& network, const std::string& part, const std::vector<Point>& points) {
  Json json{{"network", network}, {"part", part}, {"points", Json::array()}};
  const auto front = pareto(points);
  for (std::size_t k = 0; k < points.size(); ++k) {
    const Point& point = points[k];
    json["points"].push_back({{"engine", point.engine},
                              {"budget_cycles", point.budget},
                              {"interval_cycles", point.interval.value},
                              {"predicted_loss", point.loss},
                              {"loss_bound", point.bound},
                              {"accuracy", point.accuracy ? Json(*point.accuracy) : Json()},
                              {"dsp", point.total.dsps.value},
                              {"lut", point.total.luts.value},
                              {"ff", point.total.flip_flops.value},
                              {"bram18", point.total.bram18s.value},
                              {"weights", point.bits.weights},
                              {"activations", point.bits.activations},
                              {"pareto", static_cast<bool>(front[k])}});
  }
  return json_text(json, 1);
}

std::string to_table(const std::vector<Point>& points) {
  std::string text = fmt::format("{:<15} {:>8} {:>8} {:>11} {:>11} {:>9} {:>5} {:>7}  {}\n", "engine",
                                 "budget", "cycles", "loss", "bound", "accuracy", "DSP", "LUT", "bits");
  const auto front = pareto(points);
  for (std::size_t k = 0; k < points.size(); ++k) {
    const Point& point = points[k];
    text += fmt::format(
        "{:<15} {:>8} {:>8} {:>11.6f} {:>11} {:>9} {:>5} {:>7}  {}{}\n", point.engine, point.budget,
        point.interval.value, point.loss, point.bound > 0 ? fmt::format("{:.6f}", point.bound) : "-",
        point.accuracy ? fmt::format("{:.2f} %", 100 * *point.accuracy) : "-", point.total.dsps.value,
        point.total.luts.value, to_text(point.bits), front[k] ? " *" : "");
  }
  return text + "*: on the Pareto front; loss: predicted; cycles, DSP, LUT: estimated\n";
}

}  // namespace bitmason::search
