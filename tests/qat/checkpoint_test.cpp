#include "qat/torch_checkpoint_internal.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "base/file.hpp"
#include "qat/network_spec.hpp"
#include "qat/trainer.hpp"

namespace bitmason::qat {
namespace {

std::filesystem::path scratch(const std::string& name) {
  const auto path = std::filesystem::path(BITMASON_BINARY_DIR) / "qat_checkpoint_test" / name;
  std::filesystem::remove_all(path);
  return path;
}

TEST(Checkpoint, HoldsEpochStepsAndTensors) {
  const auto path = scratch("a.ckpt");
  ASSERT_TRUE(write_checkpoint(path, {"run", 3, 77, {at::arange(6).reshape({2, 3}), at::ones({1})}}).ok());
  const auto read = read_checkpoint(path, "run");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->epoch, 3);
  EXPECT_EQ(read->steps, 77);
  ASSERT_EQ(read->tensors.size(), 2U);
  EXPECT_TRUE(read->tensors[0].equal(at::arange(6).reshape({2, 3})));
}

TEST(Checkpoint, AnotherRunIsNamedWithBothFingerprints) {
  const auto path = scratch("b.ckpt");
  ASSERT_TRUE(write_checkpoint(path, {"aaaa", 0, 0, {}}).ok());
  const auto refused = read_checkpoint(path, "bbbb");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.errors().front().text,
            "was written by run aaaa and this run is bbbb; delete it, or train with the settings it was made "
            "with");
}

TEST(Checkpoint, AnotherFileIsNoCheckpoint) {
  const auto path = scratch("d.ckpt");
  ASSERT_TRUE(write_file(path, "no pickle").ok());
  const auto refused = read_checkpoint(path, "run");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.errors().front().message(),
            path.string() +
                ": is not a checkpoint of bitmason-train (it cannot be unpickled); delete it to start again "
                "[BM-QAT-041]");
}

TEST(Checkpoint, RestoreRefusesOtherShapes) {
  EXPECT_FALSE(restore({at::ones({2})}, {at::ones({3})}));
  EXPECT_FALSE(restore({at::ones({2})}, {}));
}

TEST(Trainer, ALossThatIsNotFiniteNamesStepEpochAndRate) {
  const NetworkSpec spec{"dense", {1, 2, 2}, {DenseSpec{.classes = 2, .weight_bits = 4}}};
  const data::ImageSet images{{1, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}, {0, 1}};
  TrainOptions options{.settings = {.epochs = 2, .batch = 2, .learning_rate = 0.5},
                       .checkpoint = scratch("c.ckpt")};
  options.progress = [](const Progress& progress) { return !progress.holdout_accuracy; };
  ASSERT_FALSE(train(to_graph(spec, 1), images, images, options).ok()) << "stops after one epoch of one step";
  const auto text = read_checkpoint(options.checkpoint, "").errors().front().text;
  const std::string lead = "was written by run ";
  const auto run = text.substr(lead.size(), text.find(' ', lead.size()) - lead.size());
  auto state = read_checkpoint(options.checkpoint, run);
  ASSERT_TRUE(state.ok());
  for (auto& tensor : state->tensors) tensor.detach().fill_(std::numeric_limits<float>::quiet_NaN());
  ASSERT_TRUE(write_checkpoint(options.checkpoint, *state).ok());
  const auto diverged = train(to_graph(spec, 1), images, images, options);
  ASSERT_FALSE(diverged.ok());
  EXPECT_EQ(
      to_text(diverged.errors()),
      "training: the loss is not finite in step 2 of epoch 2; lower the learning rate of 0.5 [BM-QAT-043]\n");
}

}  // namespace
}  // namespace bitmason::qat
