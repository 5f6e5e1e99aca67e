#include "search/exact_search.hpp"

#include <algorithm>

#include "search/diagnostics.hpp"

namespace bitmason::search {

namespace {

/// Of the reserve where it leaves no choice.
constexpr double kLessReserve = 0.75;

plan::Resources less(const plan::Resources& all, const plan::PerResource<double>& reserve) {
  auto left = plan::amounts_of(all);
  for (std::size_t r = 0; r < left.size(); ++r)
    left[r] = std::max<std::int64_t>(0, left[r] - static_cast<std::int64_t>(reserve[r]));
  return {Dsps(left[0]), Luts(left[1]), FlipFlops(left[2]), Bram18s(left[3]), Urams(left[4]), Bytes(left[5])};
}

/// The widths allowed that are at most two bits below and one above the choice's.
WidthSets near(const WidthSets& widths, const Bits& bits) {
  WidthSets near = widths;
  for (std::size_t k = 0; k < bits.weights.size(); ++k) {
    const auto far = [](int bits_now) {
      return [bits_now](int b) { return b < bits_now - 2 || b > bits_now + 1; };
    };
    std::erase_if(near.weights[k], far(bits.weights[k]));
    std::erase_if(near.activations[k], far(bits.activations[k]));
  }
  return near;
}

/// What the nearest selection lacks; false where layers cannot keep the interval at all.
bool add_lack(const Problem& problem, const Bits& bits, std::int64_t interval,
              plan::PerResource<double>& reserve) {
  const auto network = problem.blueprint.with_bits(bits);
  if (!network) return false;
  auto choices =
      plan::all_choices(*network, problem.target.primitive, {}, plan::offer_of(problem.target.budget, false));
  if (!choices) return false;
  const plan::Search search(*network, *std::move(choices), problem.target.budget);
  const auto nearest = search.nearest(interval);
  if (!nearest) return false;
  const auto used = plan::amounts_of(nearest->total);
  const auto limit = plan::amounts_of(plan::usable(problem.target.budget, interval));
  for (std::size_t r = 0; r < used.size(); ++r)
    reserve[r] += static_cast<double>(std::max<std::int64_t>(0, used[r] - limit[r]));
  return true;
}

}  // namespace

std::optional<plan::Selection> selection_within(const Problem& problem, const Bits& bits,
                                                std::int64_t interval) {
  const auto network = problem.blueprint.with_bits(bits);
  if (!network) return std::nullopt;
  const bool may = problem.target.budget.external != plan::ExternalWeights::Never;
  for (const bool external : {false, true}) {
    if (external && !may) break;
    auto choices = plan::all_choices(*network, problem.target.primitive, {},
                                     plan::offer_of(problem.target.budget, external));
    if (!choices) return std::nullopt;
    const plan::Search search(*network, *std::move(choices), problem.target.budget);
    if (auto selection = search.at(interval)) return selection;
  }
  return std::nullopt;
}

namespace {

/// What the integer programs may still propose.
struct Proposals {
  WidthSets widths;
  plan::PerResource<double> reserve{};  ///< kept from the program
  std::vector<Bits> failed;
};

BitProgram::Outcome propose(const Problem& problem, std::int64_t interval, const Proposals& open,
                            int most_nodes) {
  const plan::Resources limit = less(plan::usable(problem.target.budget, interval), open.reserve);
  BitProgram program(problem.blueprint, problem.tables, open.widths, problem.sensitivities, interval, limit);
  for (const Bits& bits : open.failed) program.exclude_at_least(bits);
  return program.solve(most_nodes);
}

}  // namespace

Result<Found> exact_search(const Problem& problem, std::int64_t interval, const ExactOptions& options) {
  Proposals open{.widths = problem.widths, .reserve = {}, .failed = {}};
  double bound = 0;
  int rounds = 0;
  while (rounds < options.most_rounds) {
    const BitProgram::Outcome outcome = propose(problem, interval, open, options.most_nodes);
    if (++rounds == 1) bound = outcome.bound;
    if (!outcome.bits) {
      if (rounds == 1) break;
      // The widths near the last choice may be too wide for what is left, or the reserve too much.
      open.widths = problem.widths;
      for (double& amount : open.reserve) amount *= kLessReserve;
      continue;
    }
    if (selection_within(problem, *outcome.bits, interval)) {
      const double loss = predicted_loss(problem.sensitivities, *outcome.bits);
      return Found{.bits = *outcome.bits, .loss = loss, .bound = std::min(bound, loss), .rounds = rounds};
    }
    (void)add_lack(problem, *outcome.bits, interval, open.reserve);
    open.widths = near(problem.widths, *outcome.bits);
    open.failed.push_back(*outcome.bits);
  }
  return make_diagnostic(diagnostics::kNoChoice, problem.blueprint.network().name(),
                         {std::to_string(interval), std::to_string(rounds)});
}

}  // namespace bitmason::search
