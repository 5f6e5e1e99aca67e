#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "pack/model.hpp"
#include "pack/packing.hpp"
#include "pack/search.hpp"
#include "pack/solve.hpp"

/// Shared by the pack room's tests: ports of real primitives, plain sums, searches for a counterexample.
namespace bitmason::pack::test {

inline constexpr MultiplierPorts kDsp48e2{.wide_bits = 27, .narrow_bits = 18, .accumulator_bits = 48};
inline constexpr MultiplierPorts kDsp48e1{
    .wide_bits = 25, .narrow_bits = 18, .accumulator_bits = 48, .cycle_constant = false};
inline constexpr MultiplierPorts kMult18{
    .wide_bits = 18, .narrow_bits = 18, .accumulator_bits = 36, .cycle_constant = false, .cascade = false};
inline constexpr MultiplierPorts kMac16{
    .wide_bits = 16, .narrow_bits = 16, .accumulator_bits = 32, .cycle_constant = false, .cascade = false};
/// The ports of Versal's DSP58.
inline constexpr MultiplierPorts kDsp58{.wide_bits = 27, .narrow_bits = 24, .accumulator_bits = 58};

/// Narrow weights of w bits, unsigned activations of a bits.
inline PackingProblem problem(int w, int a, int kernel = 1, MultiplierPorts ports = kDsp48e2) {
  return {.ports = ports,
          .weight = w == 1 ? IntRange{0, 1} : IntRange::narrow_bits(w),
          .activation = IntRange::unsigned_bits(a),
          .kernel = kernel};
}

/// One product: the operands of one clock.
struct Step {
  std::vector<std::int64_t> weights;
  std::vector<std::int64_t> activations;
};

/// The sums that a correct packing returns: by plain multiplication, per distinct offset, ascending.
inline std::vector<std::int64_t> plain_sums(const Packing& packing, const std::vector<Step>& steps) {
  std::vector<std::pair<int, std::int64_t>> sums;
  for (std::size_t i = 0; i < packing.weight_offsets.size(); ++i) {
    for (std::size_t j = 0; j < packing.activation_offsets.size(); ++j) {
      std::int64_t sum = 0;
      for (const Step& step : steps) sum += step.weights[i] * step.activations[j];
      const int offset = packing.weight_offsets[i] + packing.activation_offsets[j];
      auto place = sums.begin();
      while (place != sums.end() && place->first < offset) ++place;
      if (place != sums.end() && place->first == offset) {
        place->second += sum;
      } else {
        sums.insert(place, {offset, sum});
      }
    }
  }
  std::vector<std::int64_t> result;
  for (const auto& entry : sums) result.push_back(entry.second);
  return result;
}

inline bool model_agrees(MultiplierModel& model, const Packing& packing, const std::vector<Step>& steps) {
  model.clear();
  for (const Step& step : steps) model.multiply(step.weights, step.activations);
  return model.read() == plain_sums(packing, steps);
}

/// Every combination of operand values in one product; stops at the first wrong sum.
inline bool exact_on_all_operands(const Packing& packing) {
  MultiplierModel model(packing);
  std::vector<Step> steps{
      {std::vector<std::int64_t>(packing.weight_offsets.size(), packing.weight.lo),
       std::vector<std::int64_t>(packing.activation_offsets.size(), packing.activation.lo)}};
  const auto advance = [](std::vector<std::int64_t>& values, const IntRange& range) {
    for (auto& value : values) {
      if (value < range.hi) return ++value, true;
      value = range.lo;
    }
    return false;
  };
  do {
    do {
      if (!model_agrees(model, packing, steps)) return false;
    } while (advance(steps[0].activations, packing.activation));
  } while (advance(steps[0].weights, packing.weight));
  return true;
}

/// Operand combinations of one product.
inline double combinations(const Packing& packing) {
  double count = 1;
  for (std::size_t i = 0; i < packing.weight_offsets.size(); ++i) count *= double(packing.weight.span() + 1);
  for (std::size_t j = 0; j < packing.activation_offsets.size(); ++j) {
    count *= double(packing.activation.span() + 1);
  }
  return count;
}

/// Products to try: as many as promised where that is few, else enough to see the fields move and wrap.
inline int steps_to_try(const Packing& packing) {
  if (packing.rule == Rule::Canary) return std::min(packing.accumulations, 512);
  return packing.accumulations <= 4096 ? packing.accumulations : 64;
}

/// All weights and all activations at one extreme or 0 for every product: drives each field to its own
/// extremes.
inline bool exact_on_corners(const Packing& packing) {
  MultiplierModel model(packing);
  for (std::int64_t w : {packing.weight.lo, std::int64_t{0}, packing.weight.hi}) {
    for (std::int64_t a : {packing.activation.lo, std::int64_t{0}, packing.activation.hi}) {
      const Step step{std::vector<std::int64_t>(packing.weight_offsets.size(), w),
                      std::vector<std::int64_t>(packing.activation_offsets.size(), a)};
      const std::vector<Step> steps(static_cast<std::size_t>(steps_to_try(packing)), step);
      if (!model_agrees(model, packing, steps)) return false;
    }
  }
  return true;
}

/// `tries` accumulations of random operands, half of them extremes, each of random length up to the promise.
inline bool exact_on_random(const Packing& packing, int tries, unsigned seed) {
  MultiplierModel model(packing);
  std::mt19937 random(seed);
  const auto draw_value = [&](const IntRange& range) {
    if (random() % 2 == 0) return random() % 2 == 0 ? range.lo : range.hi;
    return range.lo + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(range.span() + 1));
  };
  for (int k = 0; k < tries; ++k) {
    std::vector<Step> steps(1 + random() % static_cast<unsigned>(steps_to_try(packing)));
    for (Step& step : steps) {
      for (std::size_t i = 0; i < packing.weight_offsets.size(); ++i) {
        step.weights.push_back(draw_value(packing.weight));
      }
      for (std::size_t j = 0; j < packing.activation_offsets.size(); ++j) {
        step.activations.push_back(draw_value(packing.activation));
      }
    }
    if (!model_agrees(model, packing, steps)) return false;
  }
  return true;
}

inline Layout layout_of(const Packing& packing) {
  return packing;
}

inline PackingProblem problem_of(const Packing& packing) {
  return {.ports = packing.ports, .weight = packing.weight, .activation = packing.activation};
}

/// The rules of the density tables: G(n, 0), G(1, v) and C(c), plain and sign-magnitude.
inline std::vector<Conditions> every_rule() {
  std::vector<Conditions> all;
  for (int n : {1, 2, 4, 8, 16}) all.push_back({.accumulations = n});
  for (int v : {1, 2, 3}) all.push_back({.side_bits = v});
  for (int c : {1, 2, 3}) all.push_back({.rule = Rule::Canary, .side_bits = c});
  for (int v : {0, 1, 2, 3}) all.push_back({.coding = Coding::SignMagnitude, .side_bits = v});
  return all;
}

inline std::string messages(const Status& status) {
  return status.ok() ? "" : to_text(status.errors());
}

}  // namespace bitmason::pack::test
