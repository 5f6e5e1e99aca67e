#include "data/batches.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

#include <algorithm>

namespace bitmason::data {
namespace {

/// 1003 images of 3 x 8 x 8 noise; labels count modulo 7.
ImageSet noise(bool boxes) {
  ImageSet set{{3, 8, 8}, {}, {}, {}, {}};
  Random random(9, 0);
  for (int i = 0; i < 1003; ++i) {
    for (int k = 0; k < 192; ++k) set.pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
    if (boxes) {
      set.boxes.push_back({1, 5, 2, 6});
    } else {
      set.labels.push_back(i % 7);
    }
  }
  return set;
}

std::vector<Batch> all_of(const ImageSet& set, const BatchSpec& spec) {
  BatchStream stream(set, spec);
  std::vector<Batch> batches;
  while (auto batch = stream.next()) batches.push_back(std::move(*batch));
  EXPECT_EQ(batches.size(), stream.batches());
  return batches;
}

TEST(BatchStream, EightBatchesHoldEachOf1003ImagesOnce) {
  const auto set = noise(false);
  const auto batches = all_of(set, {.size = 128});
  ASSERT_EQ(batches.size(), 8u);
  EXPECT_EQ(batches[7].images.size(), 1003u - 7 * 128);
  std::vector<std::uint32_t> seen;
  for (const auto& batch : batches) {
    seen.insert(seen.end(), batch.images.begin(), batch.images.end());
    for (std::size_t i = 0; i < batch.images.size(); ++i)
      EXPECT_EQ(batch.labels[i], static_cast<int>(batch.images[i] % 7));
  }
  EXPECT_FALSE(std::ranges::is_sorted(seen));
  std::ranges::sort(seen);
  for (std::uint32_t i = 0; i < 1003; ++i) ASSERT_EQ(seen[i], i);
}

TEST(BatchStream, OneThreadAndFourGiveTheSameBytes) {
  for (const bool boxes : {false, true}) {
    const auto set = noise(boxes);
    BatchSpec spec{.size = 16, .epoch = 3, .augmentation = {.max_shift = 2, .max_brightness = 9}, .ahead = 1};
    const auto one = all_of(set, spec);
    spec.threads = 4;
    spec.ahead = 7;
    const auto four = all_of(set, spec);
    ASSERT_EQ(one.size(), four.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
      EXPECT_EQ(one[i].images, four[i].images);
      EXPECT_EQ(one[i].pixels, four[i].pixels);
      EXPECT_EQ(one[i].labels, four[i].labels);
      EXPECT_EQ(one[i].boxes, four[i].boxes);
    }
  }
}

TEST(BatchStream, AnImageVariesByEpochAndNotByItsPlaceInTheOrder) {
  const auto set = noise(false);
  BatchSpec spec{.size = 1003, .augmentation = {.max_shift = 2}};
  const auto shuffled = all_of(set, spec)[0];
  spec.shuffle = false;
  const auto straight = all_of(set, spec)[0];
  spec.epoch = 1;
  const auto later = all_of(set, spec)[0];
  int varied = 0;
  for (std::size_t i = 0; i < 1003; ++i) {
    const auto image = [](const Batch& batch, std::size_t at) {
      return std::span(batch.pixels).subspan(at * 192, 192);
    };
    EXPECT_TRUE(std::ranges::equal(image(shuffled, i), image(straight, shuffled.images[i])));
    varied += std::ranges::equal(image(straight, i), image(later, i)) ? 0 : 1;
  }
  // Of 50 variations of an image, one is the same again.
  EXPECT_GT(varied, 900);
}

TEST(BatchStream, AnAbandonedStreamEnds) {
  const auto set = noise(false);
  BatchStream stream(set, {.size = 8, .threads = 3, .ahead = 2});
  EXPECT_EQ(stream.next()->images.size(), 8u);
}

TEST(BatchStream, AnEmptySetHasNoBatch) {
  const ImageSet none{{1, 2, 2}, {}, {}, {}, {}};
  BatchStream stream(none, {});
  EXPECT_FALSE(stream.next());
}

}  // namespace
}  // namespace bitmason::data
