#include "qat/agreement.hpp"

#include <algorithm>

#include "qat/diagnostics.hpp"
#include "qat/integer_evaluation.hpp"

namespace bitmason::qat {

namespace {

/// Predicted classes of the images whose codes are all there.
std::vector<int> classes_of_whole_images(std::vector<std::int64_t> codes, int classes) {
  codes.resize(codes.size() - codes.size() % static_cast<std::size_t>(classes));
  return predicted_classes(codes, classes);
}

}  // namespace

Agreement compare_codes(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b, int classes) {
  Agreement agreement{.codes = std::max(a.size(), b.size())};
  for (std::size_t i = agreement.codes; i-- > 0;) {
    if (i < a.size() && i < b.size() && a[i] == b[i]) continue;
    ++agreement.different;
    agreement.first = i / static_cast<std::size_t>(classes);
  }
  const auto of_a = classes_of_whole_images(a, classes);
  const auto of_b = classes_of_whole_images(b, classes);
  for (std::size_t i = 0; i < std::max(of_a.size(), of_b.size()); ++i) {
    const bool same = i < of_a.size() && i < of_b.size() && of_a[i] == of_b[i];
    agreement.classes_different += same ? 0U : 1U;
  }
  return agreement;
}

Status require_equal(const Agreement& agreement, const std::string& where) {
  if (agreement.different == 0) return success();
  return make_diagnostic(diagnostics::kCodesDiffer, where,
                         {std::to_string(agreement.different), std::to_string(agreement.codes),
                          std::to_string(agreement.first)});
}

}  // namespace bitmason::qat
