#include "data/split.hpp"

#include <algorithm>
#include <numeric>

#include "base/random.hpp"
#include "data/diagnostics.hpp"

namespace bitmason::data {
namespace {

constexpr std::uint64_t kSplitStream = 0x5117;

/// The images of a stretch of `order`, in the order of the files.
ImageSet part_of(const ImageSet& all, std::span<std::size_t> order) {
  std::ranges::sort(order);
  return all.select(order);
}

}  // namespace

Result<DataSplit> split(SourceSets sets, const SplitSpec& spec, const std::string& where) {
  const auto count = sets.train.count();
  const auto kept = static_cast<std::int64_t>(count) - spec.holdout - spec.test;
  if (spec.test != 0 && sets.test.count() != 0)
    return make_diagnostic(diagnostics::kOwnTest, where,
                           {std::to_string(spec.test), std::to_string(sets.test.count())});
  if (spec.holdout < 0 || spec.test < 0 || kept <= 0)
    return make_diagnostic(diagnostics::kHoldout, where,
                           {std::to_string(std::int64_t{spec.holdout} + spec.test), std::to_string(count)});
  if (spec.holdout == 0 && spec.test == 0) {
    ImageSet none = sets.train.slice(0, 0);
    if (sets.test.count() == 0) sets.test = none;
    return DataSplit{std::move(sets.train), std::move(none), std::move(sets.test)};
  }
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (spec.seed != 0 || sets.ordered_by_class) Random(spec.seed, kSplitStream).shuffle(std::span(order));
  const std::span all(order);
  const auto first = static_cast<std::size_t>(kept);
  const auto held = static_cast<std::size_t>(spec.holdout);
  DataSplit parts{part_of(sets.train, all.first(first)), part_of(sets.train, all.subspan(first, held)), {}};
  parts.test = sets.test.count() != 0 ? std::move(sets.test) : part_of(sets.train, all.subspan(first + held));
  return parts;
}

}  // namespace bitmason::data
