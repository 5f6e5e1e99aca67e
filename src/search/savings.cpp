#include <algorithm>
#include <iterator>
#include <map>

#include "search/comparison.hpp"

namespace bitmason::search {

namespace {

/// Accuracy by cycles that never falls.
using Envelope = std::map<std::int64_t, double>;

/// Cycles at which the accuracy is reached; nothing beyond the last.
std::optional<double> cycles_for(const Envelope& envelope, double accuracy) {
  const auto at = std::ranges::find_if(envelope, [&](const auto& point) { return point.second >= accuracy; });
  if (at == envelope.end()) return std::nullopt;
  if (at == envelope.begin()) return static_cast<double>(at->first);
  const auto before = std::prev(at);
  const double share = (accuracy - before->second) / (at->second - before->second);
  return static_cast<double>(before->first) + share * static_cast<double>(at->first - before->first);
}

}  // namespace

std::vector<Saving> savings(const std::vector<Contest>& contests) {
  std::map<std::string, Envelope> envelopes;
  std::map<std::string, std::int64_t> longest;
  for (const Contest& contest : contests) {
    for (const Contestant& proxy : contest.proxies) {
      double& best = envelopes[proxy.point.engine][proxy.point.interval.value];
      best = std::max(best, proxy.mean_test());
      longest[proxy.point.engine] = std::max(longest[proxy.point.engine], contest.interval);
    }
  }
  std::vector<Saving> all;
  for (auto& [engine, envelope] : envelopes) {
    double most = 0;
    for (auto& [cycles, accuracy] : envelope) accuracy = most = std::max(most, accuracy);
    Saving saving{engine};
    for (const Contest& contest : contests) {
      const auto reached = cycles_for(envelope, contest.searched.mean_test());
      if (!reached) ++saving.not_reached;
      const double cycles = reached.value_or(static_cast<double>(longest[engine]));
      saving.mean += 1 - static_cast<double>(contest.searched.point.interval.value) / cycles;
    }
    saving.mean /= static_cast<double>(contests.size());
    all.push_back(saving);
  }
  return all;
}

}  // namespace bitmason::search
