#include "flow/frames.hpp"

#include <algorithm>

#include "flow/network_access.hpp"
#include "flow_case.hpp"

namespace bitmason::flow {
namespace {

TEST(Frames, EveryInputGivesItsCodesFrameByFrame) {
  const cases::Scratch folder;
  const auto loaded = load_network({.file = folder.save(cases::two_by_two())});
  ASSERT_TRUE(loaded) << to_text(loaded.errors());
  const auto left = folder.save({{3, 2, 4, 4}, NpyType::Float32, {}, std::vector<double>(96, 0.5)}, "l.npy");
  const auto right = folder.save({{3, 3, 4, 4}, NpyType::Float32, {}, std::vector<double>(144, 9)}, "r.npy");
  const auto frames = read_frames(loaded->network, {"right=" + right.string(), "left=" + left.string()});
  ASSERT_TRUE(frames) << to_text(frames.errors());
  ASSERT_EQ(frames->size(), 3u);
  for (const auto& frame : *frames) {
    // 0.5 / 0.25 = 2; 9 / 0.25 is clamped to the largest 3-bit code.
    EXPECT_EQ(frame, (std::vector<sim::Codes>{sim::Codes(32, 2), sim::Codes(48, 3)}));
  }
}

TEST(Frames, DifferentBatchesAreRefused) {
  const cases::Scratch folder;
  const auto loaded = load_network({.file = folder.save(cases::two_by_two())});
  ASSERT_TRUE(loaded);
  const auto left = folder.save(cases::random_values({3, 2, 4, 4}, 1), "l.npy");
  const auto right = folder.save(cases::random_values({2, 3, 4, 4}, 1), "r.npy");
  const auto frames = read_frames(loaded->network, {"left=" + left.string(), "right=" + right.string()});
  ASSERT_FALSE(frames);
  EXPECT_EQ(to_text(frames.errors()),
            right.string() +
                ": the first input has 3 frames and this one 2; give every input the same number "
                "[BM-FLOW-005]\n");
  const auto one = read_frames(loaded->network, {left.string()});
  ASSERT_FALSE(one);
  EXPECT_EQ(
      to_text(one.errors()),
      "--input: the network has 2 inputs (left, right) and 1 files are given; give one NAME=FILE for each "
      "[BM-FLOW-003]\n");
}

TEST(Frames, RandomFramesFollowTheSeedAndFillTheRange) {
  const cases::Scratch folder;
  const auto loaded = load_network({.file = folder.save(cases::two_by_two())});
  ASSERT_TRUE(loaded);
  const Frames frames = random_frames(loaded->network, 6, 42);
  ASSERT_EQ(frames.size(), 6u);
  EXPECT_EQ(frames, random_frames(loaded->network, 6, 42));
  EXPECT_NE(frames, random_frames(loaded->network, 6, 43));
  for (std::size_t i = 0; i < frames.size(); ++i) {
    ASSERT_EQ(frames[i].size(), 2u);
    for (const auto& [codes, elements, lo, hi] :
         {std::tuple{frames[i][0], 32u, -8, 7}, {frames[i][1], 48u, -4, 3}}) {
      EXPECT_EQ(codes.size(), elements);
      const bool extremes = i % 2 == 1;
      for (const std::int64_t code : codes) {
        EXPECT_TRUE(extremes ? code == lo || code == hi : code >= lo && code <= hi) << code;
      }
      if (extremes) {
        EXPECT_EQ(std::ranges::min(codes), lo);
        EXPECT_EQ(std::ranges::max(codes), hi);
      }
    }
  }
}

}  // namespace
}  // namespace bitmason::flow
