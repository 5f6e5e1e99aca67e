#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "device/device.hpp"
#include "flow/request.hpp"
#include "pack/scheme.hpp"

/// Measured costs of packings and schemes: what synthesis says of bm_pack_array, of bm_sign_array where
/// operands are signs and magnitudes, of the adders around them, and the file that keeps it.
namespace bitmason::flow {

/// One synthesised array of one column.
struct ArrayFigures {
  int lanes = 0;
  std::int64_t luts = 0;
  std::int64_t inverters = 0;  ///< of the LUTs; of activation bits, which all columns of an array share
  std::int64_t flip_flops = 0;
  std::int64_t dsps = 0;
  int levels = 0;
  int carry_bits = 0;
  bool operator==(const ArrayFigures&) const = default;
};

/// A packing in two arrays that differ in their lanes only, so that what a lane costs and what stands once a
/// column come apart.
struct PackingCost {
  pack::Packing packing;
  int chain = 1;
  int sum_bits = 16;
  ArrayFigures few;
  ArrayFigures many;
  std::string earlier_rtl{};  ///< SHA-256 of the array's sources where they were not those of the origin

  /// LUTs of one more lane without its inverters, these, and what stands once a column.
  [[nodiscard]] double lane_luts() const;
  [[nodiscard]] double lane_inverters() const;
  [[nodiscard]] double decoder_luts() const;
  [[nodiscard]] double lane_flip_flops() const;
  [[nodiscard]] double decoder_flip_flops() const;
  /// LUTs per multiplier in an array of `columns` by as many lanes as `many` has.
  [[nodiscard]] double luts_per_multiplier(int columns) const;
  /// Of the reference array, per MAC, in hundredths as in the file.
  [[nodiscard]] double luts_per_mac() const;
};

/// What stands beside a scheme's arrays: of one lane or of one channel of its block.
struct AdderFigures {
  std::int64_t luts = 0;
  std::int64_t flip_flops = 0;
  int levels = 0;
  int carry_bits = 0;
  bool operator==(const AdderFigures&) const = default;
};

/// A scheme's adders, synthesised without its arrays: what stands before them grows with lanes, what stands
/// behind with channels.
struct SchemeCost {
  pack::Scheme scheme;
  AdderFigures lane;
  AdderFigures channel;
  int control_flip_flops = 0;
};

/// A point of a front that the arrays do not execute.
struct NotRealised {
  std::string point;
  std::string reason;
};

struct CellCosts {
  int kernel = 1;
  int weight_bits = 1;
  int activation_bits = 1;
  std::vector<PackingCost> points;  ///< direct packings
  std::vector<SchemeCost> schemes;  ///< densest first
  int schemes_left = 0;             ///< of the front, left to the estimate
  std::vector<NotRealised> not_realised;
};

/// Conditions of a measurement: figures of different ones do not belong into one file.
struct MeasurementOrigin {
  std::string primitive;
  std::string part;
  std::string synthesis;   ///< Yosys command
  std::string tool;        ///< Yosys and its version
  std::string rtl;         ///< SHA-256 over the sources of bm_pack_array
  std::string rtl_sign;    ///< of bm_sign_array; empty where a file has no point of it
  std::string rtl_adders;  ///< of what stands around the arrays of schemes; likewise
  bool operator==(const MeasurementOrigin&) const = default;

  /// Digest of the array that executes the packing.
  [[nodiscard]] const std::string& rtl_of(const pack::Packing& packing) const {
    return packing.coding == pack::Coding::SignMagnitude ? rtl_sign : rtl;
  }
};

/// True where figures of both belong into one file: equal, or one of them without bm_sign_array or without
/// schemes.
bool compatible(const MeasurementOrigin& a, const MeasurementOrigin& b);

struct PackingCosts;
/// The costs under another origin of the same primitive, part, command and tool: packings of other RTL are
/// marked with it, schemes of other adders go. False, with the costs as they were, where more differs.
bool carry_over(PackingCosts& costs, const MeasurementOrigin& origin);

/// Products of a block that the measured arrays sum: the reference array of pack::ArrayShape.
inline constexpr int kMeasuredSteps = 16;
/// Columns of the reference array, which share its inverters and a scheme's adders before them, and its
/// lanes, a power of two.
inline constexpr int kReferenceColumns = 8;
inline constexpr int kReferenceLanes = 8;
/// w, a in 1..8 and K = 1, 3, 5.
inline constexpr int kAllCells = 192;

struct PackingCosts {
  MeasurementOrigin origin;
  std::vector<CellCosts> cells;  ///< ascending in kernel, weight and activation bits
};

/// "K3 w4a4"
std::string cell_name(int kernel, int weight_bits, int activation_bits);

/// The text of the data file; the same costs give the same bytes.
std::string json_of(const PackingCosts& costs);
/// `ports`: of the primitive that the file names. Errors: BM-FILE-001, BM-FLOW-024.
Result<PackingCosts> read_costs(const std::filesystem::path& file, const pack::MultiplierPorts& ports);

/// Errors: those of read_costs(), BM-FLOW-034 for the file of another primitive.
Result<PackingCosts> read_costs_of(const device::Primitive& primitive, const std::filesystem::path& file);

/// What pack/cost.hpp estimates for the array of luts_per_multiplier(kReferenceColumns).
double estimated_luts(const PackingCost& cost);
/// estimated / measured - 1 of every direct packing, the smallest amount first.
std::vector<double> estimate_errors(const PackingCosts& costs);

std::string to_text(const MeasurementOrigin& origin);
/// A line for each point, measured beside estimated.
std::string to_text(const PackingCosts& costs);

/// Synthesises the points of the fronts asked for, or measures a sample of the file again. Errors:
/// BM-FLOW-002, 022, 023, 024 and those of the tools.
Result<Document> measure_packings(const PackRequest& request, const Progress& progress);

}  // namespace bitmason::flow
