#pragma once

#include "base/shared_results.hpp"
#include "search/engines.hpp"

namespace bitmason::search {

/// What engines found, kept as SharedResults: a restart searches nothing twice, and processes share the
/// searches.
class KeptFinds {
 public:
  /// Finds of another problem (network, part, widths, costs, sensitivities) have other names. The problem
  /// must outlive it.
  KeptFinds(const Problem& problem, std::vector<Engine> engines, std::filesystem::path folder);

  /// Lets every engine search every interval that is not found yet and that no other process is at. Errors:
  /// those of the engines, BM-FILE-001, 002.
  [[nodiscard]] Status search_free() const;

  /// The engines, which look for a kept find first and keep theirs, and wait for another process that is at
  /// it. This must outlive them. Errors, beside their own: BM-FILE-001, 002, BM-SEARCH-008.
  [[nodiscard]] std::vector<Engine> engines() const;

 private:
  [[nodiscard]] std::string key(const Engine& engine, std::int64_t interval) const;

  const Problem& problem_;
  std::vector<Engine> engines_;
  SharedResults results_;
  std::string name_;  ///< of the problem
};

}  // namespace bitmason::search
