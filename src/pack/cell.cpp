#include "pack/cell.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>

#include "pack/attempts.hpp"
#include "pack/cost.hpp"
#include "pack/digit_search.hpp"
#include "pack/front.hpp"
#include "pack/search.hpp"
#include "pack/transform_cost.hpp"

namespace bitmason::pack {

Cell cell_of_widths(int weight_bits, int activation_bits, int kernel) {
  return {.weight = weight_bits == 1 ? IntRange{0, 1} : IntRange::narrow_bits(weight_bits),
          .activation = IntRange::unsigned_bits(activation_bits),
          .kernel = kernel};
}

class CellSolver::Impl {
 public:
  explicit Impl(std::vector<MultiplierPorts> modes) : modes_(std::move(modes)) {}

  /// CellSolver::all(), in the order of recipes and rules.
  std::vector<Scheme> schemes(const Cell& cell) {
    std::vector<Scheme> all;
    for (const Recipe& recipe : recipes(cell.weight, cell.activation, cell.kernel)) {
      if (cell.array_only && recipe.method != Method::Direct) continue;
      for (const Attempt& attempt : attempts(cell)) {
        for (std::size_t mode = 0; mode < modes_.size(); ++mode) {
          // Digits, pieces and sums of fast algorithms are packed on the whole multiplier alone.
          if (mode > 0 && recipe.method != Method::Direct) break;
          if (recipe.method == Method::Direct) {
            add_direct(recipe, attempt, mode, all);
          } else {
            add_packed(recipe, attempt, all);
          }
        }
      }
    }
    if (cell.array_only) return all;
    for (const Attempt& attempt : attempts(cell)) add_finer_splits(cell, attempt, all);
    return all;
  }

 private:
  using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, int, int, int, int, int,
                         std::size_t>;

  static Scheme without_parts(const Recipe& recipe) {
    return {.method = recipe.method,
            .macs = recipe.macs,
            .weight = recipe.weight,
            .activation = recipe.activation,
            .algorithm = recipe.algorithm,
            .detail = recipe.detail};
  }

  /// The one product of a direct recipe in every density that the rule allows with just its side bits.
  void add_direct(const Recipe& recipe, const Attempt& attempt, std::size_t mode, std::vector<Scheme>& all) {
    const Product& product = recipe.products.front();
    const Conditions& conditions = attempt.conditions;
    for (const Levels& levels : levels_of(product, attempt)) {
      for (const Packing& packing : solved(product, levels.range, conditions, mode)) {
        Scheme scheme = without_parts(recipe);
        scheme.parts.push_back({product, packing});
        scheme.all_levels = levels.all;
        price(scheme);
        all.push_back(std::move(scheme));
      }
    }
  }

  /// A product packed as densely as the rule allows, with at most its side bits.
  struct Densest {
    const Packing* packing = nullptr;
    bool all_levels = true;
  };
  Densest densest(const Product& product, const Attempt& attempt) {
    Densest best;
    for (const Levels& levels : levels_of(product, attempt)) {
      for (Conditions own = attempt.conditions; own.side_bits >= least_side_bits(own.rule); --own.side_bits) {
        const std::vector<Packing>& packings = solved(product, levels.range, own, 0);
        if (packings.empty() || (best.packing && packings.front().density() <= best.packing->density()))
          continue;
        best = {&packings.front(), levels.all};
      }
    }
    return best;
  }

  /// The recipe with each product packed as densely as the rule allows.
  void add_packed(const Recipe& recipe, const Attempt& attempt, std::vector<Scheme>& all) {
    const bool magnitude = attempt.conditions.coding == Coding::SignMagnitude;
    Scheme scheme = without_parts(recipe);
    for (const Product& product : recipe.products) {
      if (product.magnitude_only != magnitude && recipe.method == Method::Split) return;
      const Densest best = densest(product, attempt);
      if (best.packing == nullptr) return;
      scheme.parts.push_back({product, *best.packing});
      scheme.all_levels = scheme.all_levels && best.all_levels;
    }
    price(scheme);
    all.push_back(std::move(scheme));
  }

  /// Splits into more than two digits: the densest ones of every number of products.
  void add_finer_splits(const Cell& cell, const Attempt& attempt, std::vector<Scheme>& all) {
    const bool magnitude = attempt.conditions.coding == Coding::SignMagnitude;
    const auto density = [&](const IntRange& weight, const IntRange& activation) {
      const Densest best = densest({.weight = weight,
                                    .activation = activation,
                                    .kernel = magnitude ? 1 : cell.kernel,
                                    .role = "",
                                    .magnitude_only = magnitude},
                                   attempt);
      return best.packing == nullptr ? 0.0 : best.packing->density();
    };
    for (const auto& [weights, activations] :
         finer_splits(cell.weight, cell.activation, magnitude, density)) {
      add_packed(split_recipe(cell.weight, cell.activation, cell.kernel, weights, activations), attempt, all);
    }
  }

  static int least_side_bits(Rule rule) { return rule == Rule::GuardBits ? 0 : 1; }

  /// Of every density one packing, densest first.
  const std::vector<Packing>& solved(const Product& product, const IntRange& activation,
                                     const Conditions& conditions, std::size_t mode) {
    const Key key{product.weight.lo,
                  product.weight.hi,
                  activation.lo,
                  activation.hi,
                  product.kernel,
                  static_cast<int>(conditions.coding),
                  static_cast<int>(conditions.rule),
                  conditions.side_bits,
                  conditions.accumulations,
                  mode};
    if (const auto known = solved_.find(key); known != solved_.end()) return known->second;
    auto packings = solve_each_density(
        {.ports = modes_[mode], .weight = product.weight, .activation = activation, .kernel = product.kernel},
        conditions);
    std::erase_if(packings, [](const Packing& packing) {
      if (!multiplier_contributes(packing) || side_by_side_refusal(side_by_side(packing))) return true;
      // The verifier judges in every build: what it refuses is a defect of the search and is never offered.
      const bool proved = verify(packing).ok();
      assert(proved);
      return !proved;
    });
    return solved_.emplace(key, std::move(packings)).first->second;
  }

  /// False where the residue bits alone hold the whole field: then the multiplier only repeats what the LUTs
  /// beside it know.
  static bool multiplier_contributes(const Packing& packing) {
    if (packing.rule == Rule::Canary) return true;
    for (const Field& field : packing.fields) {
      if (field.width > packing.side_bits) return true;
    }
    return packing.side_bits == 0;
  }

  static void price(Scheme& scheme) {
    scheme.luts_per_mac = estimated_luts_per_mac(scheme);
    scheme.weight_bits = stored_bits(scheme) * words_per_weight(scheme);
  }

  /// Bits of the products' weights; a digit that meets several digits of the activation is stored once.
  static double stored_bits(const Scheme& scheme) {
    const Bilinear& algorithm = scheme.algorithm;
    double bits = 0;
    for (std::size_t p = 0; p < algorithm.products(); ++p) {
      const auto& part = scheme.parts[static_cast<std::size_t>(algorithm.kinds[p])];
      const bool again =
          scheme.method == Method::Split && p > 0 && algorithm.weights[p] == algorithm.weights[p - 1];
      if (!again)
        bits +=
            stored_weight_bits(part.packing) * (scheme.method == Method::RowPieces ? part.product.count : 1);
    }
    return bits;
  }

  /// What one weight's share of the products' stored words is, over the products' counts.
  static double words_per_weight(const Scheme& scheme) {
    switch (scheme.method) {
      case Method::Direct:
      case Method::Split:
        return 1;
      case Method::RowPieces:
        return 1.0 / scheme.macs;
      case Method::WinogradRow:
        return 1.0 / 3;
      case Method::WinogradTile:
        return 1.0 / 9;
      case Method::Karatsuba:
        return 1.0 / scheme.parts.front().product.count;
      case Method::Strassen:
        return 1.0 / 4;
    }
    return 1;
  }

  std::vector<MultiplierPorts> modes_;
  std::map<Key, std::vector<Packing>> solved_;
};

CellSolver::CellSolver(const MultiplierPorts& ports, const std::vector<MultiplierPorts>& split) {
  std::vector<MultiplierPorts> modes{ports};
  modes.insert(modes.end(), split.begin(), split.end());
  impl_ = std::make_unique<Impl>(std::move(modes));
}
CellSolver::~CellSolver() = default;

std::vector<Scheme> CellSolver::all(const Cell& cell) {
  std::vector<Scheme> all = impl_->schemes(cell);
  std::erase_if(all, [&](const Scheme& scheme) { return scheme.luts_per_mac > cell.most_luts; });
  std::stable_sort(all.begin(), all.end(), [](const Scheme& a, const Scheme& b) {
    return std::tuple(-a.density(), a.luts_per_mac, a.weight_bits, !a.all_levels) <
           std::tuple(-b.density(), b.luts_per_mac, b.weight_bits, !b.all_levels);
  });
  return all;
}

std::vector<Scheme> CellSolver::front(const Cell& cell) {
  return front_of(all(cell), std::max<std::size_t>(cell.most_points, 2));
}

std::optional<Scheme> CellSolver::densest(const Cell& cell) {
  auto points = front(cell);
  if (points.empty()) return std::nullopt;
  return std::move(points.front());
}

}  // namespace bitmason::pack
