#include "qat/torch_loss_internal.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace bitmason::qat {
namespace {

TEST(Loss, HalfATeacherAtTemperatureTwoIsTheHandCalculation) {
  // softmax((2 ln 3, 0) / 2) = (3/4, 1/4); the teacher's is (1/2, 1/2).
  const auto outputs = at::tensor({2 * std::log(3.0F), 0.0F}).view({1, 2});
  const auto teacher = at::tensor({1.0F, 1.0F}).view({1, 2});
  const auto labels = at::tensor({std::int64_t{1}});
  const double divergence = 0.5 * std::log(0.5 / 0.75) + 0.5 * std::log(0.5 / 0.25);
  // softmax((2 ln 3, 0)) = (9/10, 1/10).
  const double entropy = -std::log(0.1);
  EXPECT_NEAR(class_loss(outputs, labels, teacher, {0.5, 2}).item<double>(),
              0.5 * entropy + 0.5 * 4 * divergence, 1e-6);
  EXPECT_NEAR(class_loss(outputs, labels, teacher, {1, 2}).item<double>(), 4 * divergence, 1e-6);
  EXPECT_NEAR(class_loss(outputs, labels, {}, {0, 2}).item<double>(), entropy, 1e-6);
}

}  // namespace
}  // namespace bitmason::qat
