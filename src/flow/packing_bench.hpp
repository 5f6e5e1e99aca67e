#pragma once

#include <optional>
#include <string>
#include <variant>

#include "device/device.hpp"
#include "flow/packing_costs.hpp"
#include "verify/simulator.hpp"

/// Synthesis of bm_pack_array, or of bm_sign_array for signs and magnitudes, for one packing after another.
namespace bitmason::flow {

/// A packing's cost, or the name of the check of its array that refuses it.
using PackingOutcome = std::variant<PackingCost, std::string>;

class PackingBench {
 public:
  /// Errors: BM-DEV-*, BM-FLOW-001, BM-VERIFY-001 (no Yosys), BM-FILE-001.
  static Result<PackingBench> open(const DataFolders& data, const std::string& primitive_or_part,
                                   const std::filesystem::path& cache, int jobs);

  /// Two syntheses, each about half a minute of one core unless it is in the cache; may run in several
  /// threads. Errors: BM-VERIFY-002..005, 030, 031.
  [[nodiscard]] Result<PackingOutcome> measure(const pack::Packing& packing) const;

  [[nodiscard]] const MeasurementOrigin& origin() const { return origin_; }
  [[nodiscard]] const device::Primitive& primitive() const { return primitive_; }
  [[nodiscard]] int jobs() const { return workbench_.jobs; }

 private:
  /// A module that executes packings, and the files it is made of.
  struct Array {
    std::string module;
    std::vector<std::string> sources;
  };

  PackingBench() = default;
  /// Sets the array and returns the digest of its code.
  Result<std::string> add_array(Array& array, const std::string& module) const;
  [[nodiscard]] Result<std::variant<ArrayFigures, std::string>> synthesised(const pack::Packing& packing,
                                                                            int lanes, int chain,
                                                                            int sum_bits) const;

  device::Primitive primitive_;
  int number_ = 0;  ///< of the primitive, PRIM
  Array plain_;
  Array sign_;
  std::filesystem::path rtl_;
  verify::Workbench workbench_;
  MeasurementOrigin origin_;
};

}  // namespace bitmason::flow
