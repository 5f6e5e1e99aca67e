#include "pack/cell.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <tuple>

#include "pack/cost.hpp"
#include "pack/search.hpp"
#include "pack/transform_cost.hpp"

namespace bitmason::pack {

namespace {

/// A range shifted to be as symmetric as its size allows; what that adds to every sum of products is a
/// constant per output channel (docs/packing.md, Centring).
IntRange centred(const IntRange& range) {
  const std::int64_t below = (range.span() + 1) / 2;
  return {-below, range.span() - below};
}

/// One level less, symmetric to 0.
IntRange symmetric(const IntRange& range) {
  return {-(range.span() / 2), range.span() / 2};
}

/// The rules to try, plain operands first.
std::vector<Conditions> all_conditions(int most_side_bits) {
  std::vector<Conditions> all;
  for (int n : {1, 2, 4, 8, 16}) all.push_back({.accumulations = n});
  for (int v = 1; v <= most_side_bits; ++v) all.push_back({.side_bits = v});
  for (int c = 1; c <= most_side_bits; ++c) all.push_back({.rule = Rule::Canary, .side_bits = c});
  for (int v = 0; v <= most_side_bits; ++v) {
    all.push_back({.coding = Coding::SignMagnitude, .side_bits = v});
  }
  return all;
}

/// How a layer's activations stand on the port.
struct Levels {
  IntRange range;
  bool all = true;  ///< every level of the layer's range
};

std::vector<Levels> levels_of(const Product& product, const Conditions& conditions, bool fewer) {
  const IntRange& own = product.activation;
  if (product.magnitude_only) return {{own}};
  if (conditions.coding == Coding::Plain) {
    if (own.lo < 0 || own.span() < 2) return {{own}};
    return {{own}, {centred(own)}};
  }
  std::vector<Levels> levels{{own.lo < 0 ? own : centred(own)}};
  if (fewer && own.span() % 2 == 1 && own.span() > 1) levels.push_back({symmetric(own), false});
  return levels;
}

bool dominates(const Scheme& a, const Scheme& b) {
  return a.density() >= b.density() && a.luts_per_mac <= b.luts_per_mac && a.weight_bits <= b.weight_bits;
}

/// Leaves `most` points. First go those that only their stored weight bits keep, sparsest first; then the
/// point that spans the least between its neighbours, as density ratio times cost ratio, so that the densest
/// and the cheapest stay.
void thin(std::vector<Scheme>& front, std::size_t most) {
  const auto erase = [&](std::size_t k) { front.erase(front.begin() + static_cast<std::ptrdiff_t>(k)); };
  for (std::size_t k = front.size(); k-- > 1 && front.size() > most;) {
    const bool beaten = std::any_of(front.begin(), front.begin() + static_cast<std::ptrdiff_t>(k),
                                    [&](const Scheme& s) { return s.luts_per_mac <= front[k].luts_per_mac; });
    if (beaten) erase(k);
  }
  const auto worth = [&](std::size_t k) {
    const double denser = std::log(front[k].density() / front[k + 1].density());
    const double cheaper = std::log(front[k - 1].luts_per_mac / front[k].luts_per_mac);
    return denser * cheaper;
  };
  while (front.size() > most) {
    std::size_t least = 1;
    for (std::size_t k = 2; k + 1 < front.size(); ++k) {
      if (worth(k) < worth(least)) least = k;
    }
    erase(least);
  }
}

}  // namespace

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
      for (const Conditions& conditions : all_conditions(cell.most_side_bits)) {
        if ((cell.array_only || cell.plain_only) && conditions.coding != Coding::Plain) continue;
        for (const bool fewer : {false, true}) {
          if (fewer && (!cell.fewer_levels || conditions.coding == Coding::Plain)) continue;
          for (std::size_t mode = 0; mode < modes_.size(); ++mode) {
            // A split primitive has no RTL and no more than its own products.
            if (mode > 0 && (recipe.method != Method::Direct || cell.array_only)) break;
            if (recipe.method == Method::Direct) {
              add_direct(recipe, conditions, fewer, mode, all);
            } else if (auto scheme = packed(recipe, conditions, fewer, mode)) {
              all.push_back(std::move(*scheme));
            }
          }
        }
      }
    }
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
  void add_direct(const Recipe& recipe, const Conditions& conditions, bool fewer, std::size_t mode,
                  std::vector<Scheme>& all) {
    const Product& product = recipe.products.front();
    if (conditions.coding == Coding::SignMagnitude && !product.weight.is_signed()) return;
    for (const Levels& levels : levels_of(product, conditions, fewer)) {
      for (const Packing& packing : solved(product, levels.range, conditions, mode)) {
        Scheme scheme = without_parts(recipe);
        scheme.parts.push_back({product, packing});
        scheme.all_levels = levels.all;
        price(scheme);
        all.push_back(std::move(scheme));
      }
    }
  }

  /// The recipe with each product packed as densely as the rule allows, with at most its side bits.
  std::optional<Scheme> packed(const Recipe& recipe, const Conditions& conditions, bool fewer,
                               std::size_t mode) {
    const bool magnitude = conditions.coding == Coding::SignMagnitude;
    Scheme scheme = without_parts(recipe);
    for (const Product& product : recipe.products) {
      if (product.magnitude_only != magnitude && recipe.method == Method::Split) return std::nullopt;
      if (magnitude && !product.weight.is_signed()) return std::nullopt;
      std::optional<Part> best;
      bool all_levels = true;
      for (const Levels& levels : levels_of(product, conditions, fewer)) {
        for (Conditions own = conditions; own.side_bits >= least_side_bits(own.rule); --own.side_bits) {
          const std::vector<Packing>& packings = solved(product, levels.range, own, mode);
          if (packings.empty() || (best && packings.front().density() <= best->packing.density())) continue;
          best = Part{product, packings.front()};
          all_levels = levels.all;
        }
      }
      if (!best) return std::nullopt;
      scheme.parts.push_back(std::move(*best));
      scheme.all_levels = scheme.all_levels && all_levels;
    }
    price(scheme);
    return scheme;
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
      if (!multiplier_contributes(packing)) return true;
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
    double weights = 0;
    for (const Part& part : scheme.parts) {
      weights += stored_weight_bits(part.packing) * part.product.count;
    }
    scheme.luts_per_mac = estimated_luts_per_mac(scheme);
    scheme.weight_bits = weights * words_per_weight(scheme);
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
  std::stable_sort(all.begin(), all.end(), [](const Scheme& a, const Scheme& b) {
    return std::tuple(-a.density(), a.luts_per_mac, a.weight_bits) <
           std::tuple(-b.density(), b.luts_per_mac, b.weight_bits);
  });
  return all;
}

std::vector<Scheme> CellSolver::front(const Cell& cell) {
  std::vector<Scheme> kept;
  for (Scheme& scheme : all(cell)) {
    const bool dominated =
        std::any_of(kept.begin(), kept.end(), [&](const Scheme& other) { return dominates(other, scheme); });
    if (!dominated) kept.push_back(std::move(scheme));
  }
  thin(kept, std::max<std::size_t>(cell.most_points, 2));
  return kept;
}

std::optional<Scheme> CellSolver::densest(const Cell& cell) {
  auto points = front(cell);
  if (points.empty()) return std::nullopt;
  return std::move(points.front());
}

}  // namespace bitmason::pack
