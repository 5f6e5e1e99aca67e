#pragma once

#include <optional>
#include <string>

#include "device/device.hpp"
#include "flow/known_points.hpp"
#include "flow/request.hpp"

/// The measured costs of packings that come with Bitmason: devices/packing_costs/.
namespace bitmason::flow {

/// The file of a primitive, whether it exists or not.
std::filesystem::path measured_costs_file(const DataFolders& data, const std::string& primitive);

class MeasuredCosts {
 public:
  /// Without any packing where there is no file of the primitive. Errors: those of read_costs().
  static Result<MeasuredCosts> load(const DataFolders& data, const device::Primitive& primitive);

  /// What was synthesised for a direct packing, the reference array from packed operands to sums; nothing for
  /// other schemes and packings that were not measured.
  [[nodiscard]] std::optional<PackingCost> of(const pack::Scheme& scheme) const;
  /// Primitive, tool, command and RTL; empty without a file.
  [[nodiscard]] const std::string& origin() const { return origin_; }

 private:
  KnownPoints known_;
  std::string origin_;
};

}  // namespace bitmason::flow
