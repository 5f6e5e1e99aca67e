#include <gtest/gtest.h>

#include "base/file.hpp"
#include "data/image_writer.hpp"
#include "data/open.hpp"

namespace bitmason::data {
namespace {

namespace fs = std::filesystem;

/// Two images of 10 x 20 pixels, and a list.
class BoxListTest : public testing::Test {
 protected:
  BoxListTest() {
    for (const char* name : {"0.png", "1.png"})
      EXPECT_TRUE(write_file(folder_ / name, test::png_bytes(test::ramp({3, 10, 20}, name[0]))).ok());
  }
  SetSpec list(const std::string& text, Frame frame = {}) {
    EXPECT_TRUE(write_file(folder_ / "boxes.csv", text).ok());
    return {.path = folder_, .labels = folder_ / "boxes.csv", .frame = frame};
  }
  /// The message of the list without the folder.
  std::string error_of(const std::string& text, Frame frame = {}) {
    const auto split = open(list(text, frame));
    return split ? "no error" : split.errors().front().message().substr(folder_.string().size() + 1);
  }
  fs::path folder_ = test::test_folder();
};

TEST_F(BoxListTest, BoxesAreFoundByTheirColumnsAndScaledWithTheImages) {
  const auto split =
      open(list("image,gt_xmin,gt_xmax,gt_ymin,gt_ymax,note\r\n1,2,12,1,6,x\r\n0.png,0,20,0,10,\"y\"\r\n\n",
                {Fit::Resize, 5, 5}));
  ASSERT_TRUE(split) << to_text(split.errors());
  EXPECT_EQ(split->train.shape, (Shape{3, 5, 5}));
  EXPECT_EQ(split->train.boxes, (std::vector<Box>{{0.5, 3, 0.5, 3}, {0, 5, 0, 5}}));
  EXPECT_EQ(split->train.count(), 2u);
  EXPECT_TRUE(split->train.classes.empty());
}

TEST_F(BoxListTest, DamagedListsNameTheLine) {
  const std::string header = "image,xmin,xmax,ymin,ymax\n";
  EXPECT_EQ(error_of("image,xmin,xmax,ymin\n"),
            "boxes.csv: its first line names 4 columns and none is 'ymax'; name the columns image, xmin, "
            "xmax, ymin, "
            "ymax [BM-DATA-050]");
  EXPECT_EQ(error_of(header + "0,1,2,3,4\n1,1,2,3\n"),
            "boxes.csv:3: has 4 fields and the first line has 5; correct the line [BM-DATA-051]");
  EXPECT_EQ(error_of(header + "0,1,2,3,4x\n"),
            "boxes.csv:2: '4x' in column 5 is not a number; correct the line [BM-DATA-052]");
  EXPECT_EQ(error_of(header + "7,1,2,3,4\n"), "boxes.csv:2: there is no image '7' (.jpg, .jpeg, .png) in " +
                                                  folder_.string() +
                                                  "; correct the line or the folder [BM-DATA-054]");
  EXPECT_EQ(error_of(header),
            "boxes.csv: names no image; add a line for each image below the first line [BM-DATA-055]");
}

TEST_F(BoxListTest, BoxesOutsideOfTheImageAndCutOffOnesAreRefused) {
  const std::string header = "image,xmin,xmax,ymin,ymax\n";
  EXPECT_EQ(error_of(header + "0,1,21,3,4\n"),
            "boxes.csv:2: the box (x 1 to 21, y 3 to 4) is empty, outside of its image of 20 x 10 pixels, or "
            "cut off "
            "by the crop; correct the line or the crop [BM-DATA-053]");
  EXPECT_EQ(error_of(header + "0,nan,2,3,4\n").substr(0, 27), "boxes.csv:2: the box (x nan");
  EXPECT_EQ(error_of(header + "0,5,5,3,4\n").substr(0, 25), "boxes.csv:2: the box (x 5");
  EXPECT_EQ(error_of(header + "0,0,5,0,4\n", {Fit::Crop, 4, 4}).substr(0, 25), "boxes.csv:2: the box (x 0");
  const auto cut = open(list(header + "0,0,10,0,4\n", {Fit::Crop, 4, 4}));
  ASSERT_TRUE(cut) << to_text(cut.errors());
  // Eight columns and three rows are in front of the crop.
  EXPECT_EQ(cut->train.boxes, (std::vector<Box>{{0, 2, 0, 1}}));
}

}  // namespace
}  // namespace bitmason::data
