#pragma once

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "pack/scheme.hpp"

namespace bitmason::pack {

/// A cell of the density tables: widths or exact ranges, kernel and multiplier.
struct Cell {
  IntRange weight;
  IntRange activation;  ///< as the layer has it; the solver may shift (centre) it
  int kernel = 1;
  int most_side_bits = 3;       ///< of G(n, v) and C(c)
  bool fewer_levels = false;    ///< activations of one level less, symmetric to 0, may be used
  std::size_t most_points = 6;  ///< of the front
  double most_luts = std::numeric_limits<double>::infinity();  ///< per MAC, estimated
  bool plain_only = false;  ///< no sign-magnitude operands, which no module executes
  bool array_only = false;  ///< only what bm_pack_array computes alone: direct products, plain operands
};

/// The weights and activations of w and a bits that the published tables use: narrow weights ({0, 1} for one
/// bit), unsigned activations.
Cell cell_of_widths(int weight_bits, int activation_bits, int kernel);

/// Solves cells of one multiplier; keeps what it has solved, since cells share the products of their recipes.
class CellSolver {
 public:
  /// `split`: modes in which the primitive is several narrower multipliers, offered beside the whole one.
  explicit CellSolver(const MultiplierPorts& ports, const std::vector<MultiplierPorts>& split = {});
  ~CellSolver();
  CellSolver(const CellSolver&) = delete;
  CellSolver& operator=(const CellSolver&) = delete;

  /// The schemes that none dominates in (density, LUTs per MAC, stored weight bits), densest first, at most
  /// `most_points`. Every packing has passed verify(). Deterministic. Cost: below a
  /// second up to 8 bits.
  std::vector<Scheme> front(const Cell& cell);

  /// What the front is chosen from, in its order: of direct products every rule, choice of levels and
  /// density, of other methods the densest of every rule, of splits into more than two digits the densest of
  /// every number of products. Every packing has passed verify().
  std::vector<Scheme> all(const Cell& cell);

  /// The densest scheme; nothing where not even one product fits.
  std::optional<Scheme> densest(const Cell& cell);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bitmason::pack
