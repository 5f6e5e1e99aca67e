#include "flow/verification_frames.hpp"

#include <algorithm>

#include "flow/network_access.hpp"
#include "flow_case.hpp"

namespace bitmason::flow {
namespace {

TEST(VerificationFrames, ByDefaultARandomAndAnExtremeOne) {
  const cases::Scratch folder;
  const auto loaded = load_network({.file = folder.save(cases::small_network())});
  ASSERT_TRUE(loaded);
  const auto frames = verification_frames(loaded->network, {.seed = 5}, cases::silent);
  ASSERT_TRUE(frames);
  EXPECT_EQ(frames->frames, random_frames(loaded->network, 2, 5));
  EXPECT_EQ(frames->origin, "random and extreme codes, seed 5");
  // The input has 4 unsigned bits.
  EXPECT_TRUE(std::ranges::all_of(frames->frames[1][0], [](auto code) { return code == 0 || code == 15; }));
}

TEST(VerificationFrames, RealOnesComeFirstAndAreCountedAlone) {
  const cases::Scratch folder;
  const auto loaded = load_network({.file = folder.save(cases::small_network())});
  ASSERT_TRUE(loaded);
  const auto real = folder.save(cases::random_values({3, 2, 4, 4}, 1), "real.npy");
  std::string said;
  const auto frames =
      verification_frames(loaded->network, {.inputs = {real.string()}, .frames = 2, .seed = 5},
                          [&](std::string_view line) { said = line; });
  ASSERT_TRUE(frames);
  ASSERT_EQ(frames->frames.size(), 4u);
  const auto all = read_frames(loaded->network, {real.string()});
  ASSERT_TRUE(all);
  EXPECT_EQ(frames->frames[0], (*all)[0]);
  EXPECT_EQ(frames->frames[1], (*all)[1]);
  const Frames drawn = random_frames(loaded->network, 2, 5);
  EXPECT_EQ(frames->frames[2], drawn[0]);
  EXPECT_EQ(frames->frames[3], drawn[1]);
  EXPECT_EQ(frames->origin, "real.npy, random and extreme codes, seed 5");
  EXPECT_EQ(said, "using 2 of 3 frames of " + real.string() +
                      " (--frames takes more), then one of random and one of extreme codes");
}

}  // namespace
}  // namespace bitmason::flow
