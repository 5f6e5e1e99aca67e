#pragma once

#include <optional>
#include <string>
#include <variant>

#include "device/device.hpp"
#include "flow/packing_costs.hpp"
#include "hw/scheme_module.hpp"
#include "verify/simulator.hpp"

/// Synthesis of bm_pack_array, or of bm_sign_array for signs and magnitudes, for one packing after another,
/// and of the adders around the arrays for one scheme after another.
namespace bitmason::flow {

/// A packing's cost, or the name of the check of its array that refuses it.
using PackingOutcome = std::variant<PackingCost, std::string>;
/// A scheme's cost, or why no module computes it.
using SchemeOutcome = std::variant<SchemeCost, std::string>;

class PackingBench {
 public:
  /// Errors: BM-DEV-*, BM-FLOW-001, BM-VERIFY-001 (no Yosys), BM-FILE-001.
  static Result<PackingBench> open(const DataFolders& data, const std::string& primitive_or_part,
                                   const std::filesystem::path& cache, int jobs);

  /// Two syntheses, each about half a minute of one core unless it is in the cache; may run in several
  /// threads. Errors: BM-VERIFY-002..005, 030, 031.
  [[nodiscard]] Result<PackingOutcome> measure(const pack::Packing& packing) const;

  /// Two syntheses, each a few seconds, likewise. Errors: the same, BM-FILE-002.
  [[nodiscard]] Result<SchemeOutcome> measure(const pack::Scheme& scheme) const;
  /// Why no module computes the scheme; nothing where one does.
  [[nodiscard]] std::optional<std::string> refusal(const pack::Scheme& scheme) const;

  [[nodiscard]] const MeasurementOrigin& origin() const { return origin_; }
  [[nodiscard]] const device::Primitive& primitive() const { return primitive_; }
  [[nodiscard]] int jobs() const { return workbench_.jobs; }

 private:
  /// Modules and the files that they are made of.
  struct Library {
    std::vector<std::string> modules;
    std::vector<std::string> sources;
  };

  PackingBench() = default;
  /// Finds the modules' sources and returns the digest of their code.
  Result<std::string> find_sources(Library& library) const;
  /// Copies the adders' sources beside the modules that are printed.
  Status copy_adders();
  [[nodiscard]] hw::SchemeShape shape_of(const pack::Scheme& scheme) const;
  [[nodiscard]] Result<AdderFigures> synthesised(const hw::Module& module) const;
  [[nodiscard]] Result<std::variant<ArrayFigures, std::string>> synthesised(const pack::Packing& packing,
                                                                            int lanes, int chain,
                                                                            int sum_bits) const;

  device::Primitive primitive_;
  int number_ = 0;  ///< of the primitive, PRIM
  Library plain_{.modules = {"bm_pack_array"}};
  Library sign_{.modules = {"bm_sign_array"}};
  Library adders_{.modules = {"bm_linear", "bm_digits", "bm_magnitude", "bm_mac_pack", "bm_conv_delay"}};
  std::filesystem::path rtl_;
  std::filesystem::path adders_folder_;
  verify::Workbench workbench_;
  MeasurementOrigin origin_;
};

}  // namespace bitmason::flow
