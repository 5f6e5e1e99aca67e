#pragma once

#include <functional>

#include "search/accuracy.hpp"
#include "search/front.hpp"

/// Searched bits against uniform ones at equal intervals, both trained alike.
namespace bitmason::search {

struct ComparisonOptions {
  std::string network;
  std::string training;  ///< Trial::training
  std::vector<std::uint64_t> seeds{1, 2, 3};
  std::vector<Engine> engines = search::engines();  ///< of the searched side, and baselines
  bool proxies = true;  ///< also train what the baselines find that judge by a cost of their own
};

/// A choice, planned and trained with every seed.
struct Contestant {
  Point point;
  std::vector<Score> scores;  ///< by seed
  /// Candidates of its side, itself among them, with the share of images held out that each had right after
  /// training with the first seed.
  std::vector<std::pair<Bits, double>> tried;
  [[nodiscard]] double mean_test() const;
};

struct Contest {
  std::int64_t interval = 0;  ///< cycles that both keep
  Contestant searched;
  Contestant uniform;
  std::vector<Contestant> proxies{};  ///< what each baseline found, by the engine's name in the point
  /// Sample standard deviation of the differences searched - uniform, by seed; nothing for one seed.
  [[nodiscard]] std::optional<double> spread() const;
};

/// For each interval of the tables: the searched side are the finds of the engines;
/// the uniform side are all pairs (w, a) of the widths allowed that the planner brings to the interval,
/// without those that another such pair is nowhere narrower than. Two rounds of trials, each handed to
/// `accuracy` as a whole: every candidate with the first seed; then of each side the best on the images held
/// out, and what the proxies' baselines found, with all seeds. An interval for which one side finds nothing
/// is left out. `progress` is told what is to be trained. Errors: those of the trials; BM-SEARCH-007 where no
/// interval is left.
Result<std::vector<Contest>> compare(const Problem& problem, Accuracy& accuracy,
                                     const ComparisonOptions& options,
                                     const std::function<void(const std::string&)>& progress);

/// How many cycles less the searched side takes than a proxy at equal accuracy.
struct Saving {
  std::string engine;
  double mean = 0;      ///< over the intervals, of 1 - searched cycles / the proxy's
  int not_reached = 0;  ///< intervals whose accuracy the proxy never had; its longest one counts there
};

/// For every proxy of the contests: the cycles at which its mean accuracy, never falling with the interval
/// and linear between its choices, reaches the searched one of an interval, against the searched cycles.
std::vector<Saving> savings(const std::vector<Contest>& contests);

/// {"budgets": [{"interval_cycles", "searched_mean", "uniform_mean", "seed_spread", "seeds", "bits",
/// "searched": {...}, "uniform": {...}, "proxies": {engine: {...}}}], "savings": [{"engine", "mean",
/// "not_reached"}]} and the members of `notes`, one JSON object as text.
std::string to_json(const std::vector<Contest>& contests, const ComparisonOptions& options,
                    const std::string& notes);
/// A line per interval.
std::string to_table(const std::vector<Contest>& contests);

}  // namespace bitmason::search
