#include "qat/learning_curve.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.hpp"

namespace bitmason::qat {
namespace {

std::filesystem::path scratch(const std::string& name) {
  const auto path = std::filesystem::path(BITMASON_BINARY_DIR) / "qat_learning_curve_test" / name;
  std::filesystem::remove_all(path);
  return path;
}

Progress after(int epoch, double loss) {
  return {.epoch = epoch, .epochs = 3, .loss = loss, .train_accuracy = 0.5, .holdout_accuracy = 0.75};
}

std::vector<double> losses_in(const std::filesystem::path& file) {
  std::vector<double> losses;
  const auto json = nlohmann::json::parse(*read_file(file));
  for (const auto& row : json.at("epochs")) losses.push_back(row.at("loss"));
  return losses;
}

TEST(LearningCurveTest, AContinuedRunKeepsTheEpochsBeforeIts) {
  const auto file = scratch("curve.json");
  auto first = LearningCurve::open(file);
  ASSERT_TRUE(first);
  ASSERT_TRUE(first->add({.epoch = 1, .loss = 9}));
  EXPECT_FALSE(std::filesystem::exists(file)) << "within an epoch";
  for (int epoch = 1; epoch <= 3; ++epoch) ASSERT_TRUE(first->add(after(epoch, 1.0 / epoch)));
  EXPECT_EQ(losses_in(file), (std::vector<double>{1, 0.5, 1.0 / 3}));
  // Stopped in epoch 3, or started again from epoch 2.
  auto second = LearningCurve::open(file);
  ASSERT_TRUE(second);
  ASSERT_TRUE(second->add(after(2, 0.25)));
  EXPECT_EQ(losses_in(file), (std::vector<double>{1, 0.25}));
  const auto row = nlohmann::json::parse(*read_file(file)).at("epochs").at(1);
  EXPECT_EQ(row, (nlohmann::json{
                     {"epoch", 2}, {"loss", 0.25}, {"train_accuracy", 0.5}, {"holdout_accuracy", 0.75}}));
}

TEST(LearningCurveTest, AnotherFileIsRefused) {
  const auto file = scratch("other.json");
  for (const char* text : {"{", "[]", R"({"epochs": [{"epoch": 1}]})", R"({"epochs": [1]})"}) {
    ASSERT_TRUE(write_file(file, text));
    EXPECT_EQ(to_text(LearningCurve::open(file).errors()),
              file.string() + ": is no learning curve; delete it, or name another file [BM-QAT-046]\n")
        << text;
  }
}

}  // namespace
}  // namespace bitmason::qat
