#include "qat/trainer.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hpp"
#include "graph/place.hpp"
#include "graph/read.hpp"
#include "graph/write.hpp"
#include "qat/images.hpp"
#include "qat/integer_evaluation.hpp"
#include "qat/network_spec.hpp"

namespace bitmason::qat {
namespace {

graph::Graph small() {
  return to_graph({"small",
                   {1, 8, 8},
                   {ConvSpec{.channels = 8, .weight_bits = 4, .activation_bits = 3}, MaxPoolSpec{},
                    ConvSpec{.channels = 8, .weight_bits = 3, .activation_bits = 4},
                    DenseSpec{.classes = 4, .weight_bits = 5}}},
                  3);
}

data::ImageSet noise(std::size_t count, int classes) {
  return qat::noise({1, 8, 8}, count, classes);
}

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
  const auto network = train(small(), images, images, options(120));
  ASSERT_TRUE(network.ok());
  EXPECT_EQ(graph::bits_of(*network), (graph::Bits{{4, 3, 5}, {8, 3, 4}}));
  EXPECT_GE(accuracy(*network, images, 1).value(), 0.95) << "by integer codes";
}

TEST(Trainer, GradientDescentLearnsNoiseByHeartInFloatAndWithBinaryAndTernaryWeights) {
  const auto images = noise(64, 4);
  auto how = options(60);
  how.settings.optimiser = {Method::Sgd, 0.9, 1e-4};
  how.settings.learning_rate = 0.05;
  const auto real = train(graph::without_quantisers(small()), images, images, how);
  ASSERT_TRUE(real.ok()) << to_text(real.errors());
  EXPECT_GE(accuracy(*real, images, 1).value(), 0.95) << "in float";
  for (const int width : {1, 2}) {
    const auto placed = graph::place(*real, {.bits = {{8, width, 8}, {8, 4, 4}}});
    const auto network = train(placed, images, images, options(60));
    ASSERT_TRUE(network.ok());
    EXPECT_GE(accuracy(*network, images, 1).value(), 0.9) << width << " bits of weights";
  }
}

TEST(Trainer, OneSeedGivesTheSameBytesTwiceAndAnotherSeedOthers) {
  const auto images = noise(48, 4);
  std::vector<std::string> bytes;
  for (const std::uint64_t seed : {5U, 5U, 6U}) {
    auto how = options(2, seed);
    how.settings.flip = true;
    how.settings.max_shift = 1;
    const auto network = train(small(), images, images, how);
    ASSERT_TRUE(network.ok());
    const auto path = scratch("net.onnx");
    ASSERT_TRUE(onnxio::write_model(path, graph::to_onnx(*network)).ok());
    bytes.push_back(*read_file(path));
  }
  EXPECT_EQ(bytes[0], bytes[1]);
  EXPECT_NE(bytes[0], bytes[2]);
}

TEST(Trainer, ATeacherWhoDecidesAllIsFollowedWhateverTheLabelsSay) {
  auto images = noise(64, 4);
  const auto real = train(graph::without_quantisers(small()), images, images, options(60));
  ASSERT_TRUE(real.ok());
  EXPECT_GE(accuracy(*real, images, 1).value(), 0.95);
  auto how = options(60);
  how.settings.distillation = {.share = 1, .temperature = 2};
  how.teacher = std::make_shared<const graph::Graph>(*real);
  auto mislabelled = images;
  for (int& label : mislabelled.labels) label = 0;
  const auto network = train(small(), images, images, how);
  const auto misled = train(small(), mislabelled, images, how);
  ASSERT_TRUE(network.ok() && misled.ok());
  EXPECT_EQ(*network, *misled);
  EXPECT_GE(accuracy(*network, images, 1).value(), 0.9) << "by integer codes";
}

TEST(Trainer, ATeacherOfOtherClassesIsRefused) {
  const auto images = noise(16, 4);
  auto how = options(1);
  how.settings.distillation.share = 0.5;
  how.teacher = std::make_shared<const graph::Graph>(
      to_graph({"other", {1, 8, 8}, {ConvSpec{.channels = 4}, DenseSpec{.classes = 5}}}, 3));
  EXPECT_EQ(
      to_text(train(small(), images, images, how).errors()),
      "other: the teacher takes 1 x 8 x 8 and gives 5 x 1 x 1 where the network takes 1 x 8 x 8 and gives "
      "4 x 1 x 1; distil another [BM-QAT-034]\n");
}

TEST(Trainer, DistillationNeedsATeacher) {
  const auto images = noise(16, 4);
  auto how = options(1);
  how.settings.distillation.share = 0.5;
  EXPECT_EQ(to_text(train(small(), images, images, how).errors()),
            "distillation: there is no trained network to distil; give a network file or a --teacher "
            "[BM-QAT-035]\n");
}

TEST(Trainer, NoImagesHeldOutAreRefused) {
  const auto images = noise(16, 4);
  EXPECT_EQ(to_text(train(small(), images, images.slice(0, 0), options(1)).errors()),
            "images: this part of the data set has 0 images and at least 1 is needed; give a data set that "
            "has test "
            "images, and hold some out [BM-QAT-029]\n");
}

TEST(Trainer, AStoppedAndContinuedRunEndsInTheSameNetwork) {
  const auto images = noise(40, 4);
  const auto whole = train(small(), images, images, options(3));
  auto how = options(3);
  how.checkpoint = scratch("stop.ckpt");
  how.progress = [](const Progress& progress) { return !progress.holdout_accuracy; };
  const auto stopped = train(small(), images, images, how);
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(to_text(stopped.errors()),
            "training: stopped after epoch 1 of 3; the same command with a checkpoint continues from there "
            "[BM-QAT-042]\n");
  how.progress = options(3).progress;
  const auto continued = train(small(), images, images, how);
  ASSERT_TRUE(whole.ok() && continued.ok());
  EXPECT_EQ(*continued, *whole);
}

TEST(Trainer, ARunThatIsKilledWithinAnEpochContinuesBehindItsLastBatch) {
  const auto images = noise(40, 4);
  const auto whole = train(small(), images, images, options(2));
  auto how = options(2);
  how.checkpoint = scratch("killed.ckpt");
  how.checkpoint_every = std::chrono::seconds(0);
  struct Killed {};
  // The first report comes after the first of three batches.
  how.progress = [](const Progress& progress) -> bool {
    EXPECT_EQ(progress.image, 16);
    throw Killed();
  };
  EXPECT_THROW((void)train(small(), images, images, how), Killed);
  std::int64_t first = 0;
  how.progress = [&](const Progress& progress) {
    if (first == 0) first = progress.image;
    return true;
  };
  const auto continued = train(small(), images, images, how);
  ASSERT_TRUE(whole.ok() && continued.ok());
  EXPECT_EQ(first, 32) << "the first batch is not trained again";
  EXPECT_EQ(*continued, *whole);
}

TEST(Trainer, ACheckpointOfOtherSettingsIsRefused) {
  const auto images = noise(32, 4);
  auto how = options(1);
  how.checkpoint = scratch("other.ckpt");
  ASSERT_TRUE(train(small(), images, images, how).ok());
  how.settings.seed = 4;
  const auto refused = train(small(), images, images, how);
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
    const auto refused = train(small(), images, images, how);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.errors().front().text,
              "is not a checkpoint of bitmason-train (it cannot be unpickled); delete it to start again");
  }
}

TEST(Trainer, ImagesOfAnotherShapeAreRefused) {
  auto images = noise(8, 4);
  images.shape = {1, 4, 16};
  const auto refused = train(small(), images, images, options(1));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(to_text(refused.errors()),
            "input: the images are 1 x 4 x 16 and the network's input is 1 x 8 x 8; give other images or "
            "change the "
            "network [BM-QAT-024]\n");
}

TEST(Trainer, AnOutputOfPixelsHasNoClasses) {
  auto graph = small();
  // The last convolution with its sums as output.
  graph.steps.resize(7);
  const auto refused = train(graph, noise(8, 4), noise(8, 4), options(1));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(
      to_text(refused.errors()),
      "conv2: the output is 8 x 4 x 4 and one number per class (C x 1 x 1) is needed; add a mean or a dense "
      "layer [BM-QAT-025]\n");
}

TEST(Trainer, ImagesWithBoxesAreRefusedByANetworkOfFourClasses) {
  data::ImageSet images{.shape = {1, 8, 8}, .pixels = std::vector<std::uint8_t>(64), .boxes = {data::Box{}}};
  const auto trained = train(small(), images, images, options(1));
  ASSERT_FALSE(trained);
  EXPECT_EQ(
      trained.errors().front().message(),
      "dense: the output is 4 x 1 x 1 and boxes need a multiple of 6 channels (x, y, w, h, confidence and "
      "class of each anchor); change the last layer [BM-QAT-051]");
}

TEST(Trainer, LabelFourOfFourClassesIsRefused) {
  auto images = noise(8, 4);
  images.labels[2] = 4;
  const auto refused = train(small(), images, images, options(1));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(to_text(refused.errors()),
            "labels: label 4 of image 2 is outside the 4 classes of the network; change the dense layer "
            "[BM-QAT-008]\n");
}

/// Trains as one of two workers in a process of its own and writes the network; ends with 0.
pid_t start_worker(int rank, const data::ImageSet& images, TrainOptions how,
                   const std::filesystem::path& folder) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  how.workers = {.rank = rank, .count = 2, .meeting = folder / "meeting"};
  const auto network = train(small(), images, images, how);
  const auto file = folder / fmt::format("{}.onnx", rank);
  ::_exit(network && onnxio::write_model(file, graph::to_onnx(*network)) ? 0 : 1);
}

void expect_success(pid_t worker) {
  int status = 1;
  ASSERT_EQ(::waitpid(worker, &status, 0), worker);
  EXPECT_EQ(status, 0);
}

TEST(Trainer, TwoWorkersHaveOneNetworkAndLearnByHeart) {
  const auto images = noise(64, 4);
  const auto folder = scratch("workers");
  std::filesystem::create_directories(folder);
  auto how = options(60);
  how.checkpoint = folder / "run.checkpoint";
  const pid_t workers[] = {start_worker(0, images, how, folder), start_worker(1, images, how, folder)};
  for (const pid_t worker : workers) expect_success(worker);
  const auto first = read_file(folder / "0.onnx");
  ASSERT_TRUE(first);
  EXPECT_EQ(*first, *read_file(folder / "1.onnx"));
  const auto model = onnxio::read_model(folder / "0.onnx");
  ASSERT_TRUE(model);
  const auto network = graph::read(*model);
  ASSERT_TRUE(network) << to_text(network.errors());
  EXPECT_GE(accuracy(*network, images, 1).value(), 0.95);
}

TEST(Trainer, AWorkerThatEndsEarlyEndsTheOther) {
  const auto images = noise(64, 4);
  const auto folder = scratch("early");
  std::filesystem::create_directories(folder);
  const pid_t early = start_worker(1, images, options(1), folder);
  auto how = options(3);
  how.workers = {.rank = 0, .count = 2, .meeting = folder / "meeting"};
  const auto left = train(small(), images, images, how);
  expect_success(early);
  ASSERT_FALSE(left);
  EXPECT_EQ(left.errors().front().code, "BM-QAT-049");
}

TEST(Trainer, AWorkerThatMeetsNobodyEndsWithAnError) {
  const auto images = noise(64, 4);
  const auto folder = scratch("lonely");
  std::filesystem::create_directories(folder);
  auto how = options(1);
  how.workers = {
      .rank = 0, .count = 2, .meeting = folder / "meeting", .patience = std::chrono::milliseconds(300)};
  const auto alone = train(small(), images, images, how);
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.errors().front().code, "BM-QAT-048");
  how.settings.batch = 15;
  EXPECT_EQ(to_text(train(small(), images, images, how).errors()),
            "batch: a batch of 15 images is not shared by 2 workers; give a multiple with 2 or more each "
            "[BM-QAT-050]\n");
}

}  // namespace
}  // namespace bitmason::qat
