#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/npy.hpp"
#include "base/result.hpp"
#include "ir/network.hpp"
#include "sim/engine.hpp"

namespace bitmason::sim {

/// What has become of the values of one input so far.
struct InputUse {
  std::int64_t values = 0;
  std::int64_t clamped = 0;  ///< values beyond the codes: without its limits the quantiser gives another code
  IntRange codes;            ///< smallest and largest code used; meaningless without values
};

/// Quantises the values of one input part by part: the exact code of each value, see quantise_input().
class InputQuantiser {
 public:
  /// The network must outlive the object.
  InputQuantiser(const ir::Network& network, const ir::InputPort& port);
  ~InputQuantiser();
  InputQuantiser(InputQuantiser&&) noexcept;
  InputQuantiser& operator=(InputQuantiser&&) noexcept;

  /// Number of frames in an array of this shape. Errors: BM-SIM-001.
  [[nodiscard]] Result<std::size_t> frames(const std::vector<std::int64_t>& shape) const;
  /// Codes of the next values; diagnostics count elements from the first part on. Errors: BM-SIM-001..004.
  Result<std::vector<Codes>> operator()(const NpyArray& values);
  [[nodiscard]] const InputUse& use() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bitmason::sim
