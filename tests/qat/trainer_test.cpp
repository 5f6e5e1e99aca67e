#include "qat/trainer.hpp"

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/random.hpp"
#include "qat/integer_evaluation.hpp"
#include "qat/qonnx.hpp"

namespace bitmason::qat {
namespace {

/// Noise with random labels: only memory helps.
data::ImageSet noise(std::size_t count, int classes) {
  data::ImageSet set{{1, 8, 8}, {}, {}};
  Random random(7, 7);
  for (std::size_t i = 0; i < count; ++i) {
    set.labels.push_back(static_cast<std::uint8_t>(random.below(static_cast<std::uint64_t>(classes))));
    for (int pixel = 0; pixel < 64; ++pixel)
      set.pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
  }
  return set;
}

const NetworkSpec kSmall{"small",
                         {1, 8, 8},
                         {ConvSpec{.channels = 8, .weight_bits = 4, .activation_bits = 3}, MaxPoolSpec{},
                          ConvSpec{.channels = 8, .weight_bits = 3, .activation_bits = 4},
                          DenseSpec{.classes = 4, .weight_bits = 5}}};

TrainOptions options(int epochs, std::uint64_t seed = 3) {
  return {.settings = {.epochs = epochs,
                       .batch = 16,
                       .learning_rate = 0.01,
                       .seed = seed,
                       .threads = 1,
                       .flip = false,
                       .max_shift = 0}};
}

std::filesystem::path scratch(const std::string& name) {
  const auto path = std::filesystem::path(BITMASON_BINARY_DIR) / "qat_trainer_test" / name;
  std::filesystem::remove_all(path);
  return path;
}

TEST(Trainer, SixtyFourImagesOfNoiseAreLearnedByHeart) {
  const auto images = noise(64, 4);
  const auto network = train(kSmall, images, images, options(120));
  ASSERT_TRUE(network.ok());
  EXPECT_EQ(spec_of(*network), kSmall);
  EXPECT_GE(accuracy(*network, images, 1), 0.95) << "by integer codes";
}

TEST(Trainer, OneSeedGivesTheSameBytesTwiceAndAnotherSeedOthers) {
  const auto images = noise(48, 4);
  std::vector<std::string> bytes;
  for (const std::uint64_t seed : {5U, 5U, 6U}) {
    auto how = options(2, seed);
    how.settings.flip = true;
    how.settings.max_shift = 1;
    const auto network = train(kSmall, images, images, how);
    ASSERT_TRUE(network.ok());
    const auto path = scratch("net.onnx");
    ASSERT_TRUE(onnxio::write_model(path, to_qonnx(*network)).ok());
    bytes.push_back(*read_file(path));
  }
  EXPECT_EQ(bytes[0], bytes[1]);
  EXPECT_NE(bytes[0], bytes[2]);
}

TEST(Trainer, AStoppedAndContinuedRunEndsInTheSameNetwork) {
  const auto images = noise(40, 4);
  const auto whole = train(kSmall, images, images, options(3));
  auto how = options(3);
  how.checkpoint = scratch("stop.ckpt");
  how.progress = [](const Progress& progress) { return !progress.holdout_accuracy; };
  const auto stopped = train(kSmall, images, images, how);
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(to_text(stopped.errors()),
            "training: stopped after epoch 1 of 3; the same command with a checkpoint continues from there "
            "[BM-QAT-042]\n");
  how.progress = options(3).progress;
  const auto continued = train(kSmall, images, images, how);
  ASSERT_TRUE(whole.ok() && continued.ok());
  EXPECT_EQ(*continued, *whole);
}

TEST(Trainer, ACheckpointOfOtherSettingsIsRefused) {
  const auto images = noise(32, 4);
  auto how = options(1);
  how.checkpoint = scratch("other.ckpt");
  ASSERT_TRUE(train(kSmall, images, images, how).ok());
  how.settings.seed = 4;
  const auto refused = train(kSmall, images, images, how);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.errors().front().code, "BM-QAT-040");
  EXPECT_TRUE(refused.errors().front().text.starts_with("was written by run "));
}

TEST(Trainer, BytesThatAreNoCheckpointAreRefused) {
  const auto images = noise(32, 4);
  auto how = options(1);
  how.checkpoint = scratch("broken.ckpt");
  for (const auto& bytes : {std::string(), std::string("hello"), std::string(1000, '\x80')}) {
    ASSERT_TRUE(write_file(how.checkpoint, bytes).ok());
    const auto refused = train(kSmall, images, images, how);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.errors().front().text,
              "is not a checkpoint of bitmason-train (it cannot be unpickled); delete it to start again");
  }
}

TEST(Trainer, ImagesOfAnotherShapeAreRefused) {
  auto images = noise(8, 4);
  images.shape = {1, 4, 16};
  const auto refused = train(kSmall, images, images, options(1));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(
      to_text(refused.errors()),
      "input: the images are 1 x 4 x 16 and the network's input is 1 x 8 x 8; change the input of the recipe "
      "[BM-QAT-024]\n");
}

TEST(Trainer, LabelFourOfFourClassesIsRefused) {
  auto images = noise(8, 4);
  images.labels[2] = 4;
  const auto refused = train(kSmall, images, images, options(1));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(to_text(refused.errors()),
            "labels: label 4 of image 2 is outside the 4 classes of the network; change the dense layer "
            "[BM-QAT-008]\n");
}

}  // namespace
}  // namespace bitmason::qat
