#include "qat/agreement.hpp"

#include <gtest/gtest.h>

namespace bitmason::qat {
namespace {

TEST(AgreementTest, EqualCodesAgree) {
  const auto agreement = compare_codes({1, 2, 3, 4}, {1, 2, 3, 4}, 2);
  EXPECT_EQ(agreement.codes, 4u);
  EXPECT_EQ(agreement.different, 0u);
  EXPECT_TRUE(require_equal(agreement, "net.onnx"));
}

TEST(AgreementTest, DifferencesNameTheFirstImage) {
  // Three images of two classes: image 1 changes its class, image 2 only a code.
  const auto agreement = compare_codes({1, 2, 3, 4, 5, 9}, {1, 2, 5, 4, 6, 9}, 2);
  EXPECT_EQ(agreement.classes_different, 1u);
  const auto refused = require_equal(agreement, "net.onnx");
  ASSERT_FALSE(refused);
  EXPECT_EQ(
      to_text(refused.errors()),
      "net.onnx: 2 of 6 logit codes differ between the trainer and the imported network, first in image 1; "
      "report this [BM-TRAIN-001]\n");
}

TEST(AgreementTest, MissingCodesAreDifferent) {
  const auto agreement = compare_codes({1, 2, 3, 4}, {1, 2}, 2);
  EXPECT_EQ(agreement.codes, 4u);
  EXPECT_EQ(agreement.different, 2u);
  EXPECT_EQ(agreement.classes_different, 1u);
  EXPECT_EQ(agreement.first, 1u);
  // Half an image has no class.
  EXPECT_EQ(compare_codes({1, 2, 3, 4}, {1, 2, 3}, 2).classes_different, 1u);
}

}  // namespace
}  // namespace bitmason::qat
