#include "data/decode.hpp"

#include <gtest/gtest.h>

#include "data/image_writer.hpp"

namespace bitmason::data {
namespace {

using test::ramp;

std::string error_of(const std::string& bytes) {
  const auto image = decode_image(bytes, "a.jpg");
  return image ? "no error" : image.errors().front().message();
}

int largest_difference(const Image& a, const Image& b) {
  int largest = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i)
    largest = std::max(largest, std::abs(a.pixels[i] - b.pixels[i]));
  return largest;
}

TEST(Decode, JpegOfQuality100IsWithin2OfEachCode) {
  for (const int channels : {1, 3}) {
    const Image image = ramp({channels, 9, 13}, 20);
    const auto decoded = decode_image(test::jpeg_bytes(image), "a.jpg");
    ASSERT_TRUE(decoded) << to_text(decoded.errors());
    EXPECT_EQ(decoded->shape, image.shape);
    EXPECT_LE(largest_difference(*decoded, image), 2);
  }
}

TEST(Decode, PngIsExactInGreyAndColourAndTransparencyIsDropped) {
  for (const int channels : {1, 3}) {
    for (const int alpha : {-1, 0, 128}) {
      const Image image = ramp({channels, 5, 7}, 3);
      const auto decoded = decode_image(test::png_bytes(image, alpha), "a.png");
      ASSERT_TRUE(decoded) << to_text(decoded.errors());
      EXPECT_EQ(decoded->shape, image.shape);
      EXPECT_EQ(decoded->pixels, image.pixels) << channels << " channels, transparency " << alpha;
    }
  }
}

TEST(Decode, TextIsNoImage) {
  EXPECT_EQ(
      error_of("text"),
      "a.jpg: starts with bytes 74 65 78 74 and a JPEG file starts with ff d8 ff, a PNG file with 89 50 4e "
      "47; convert or remove it [BM-DATA-020]");
  EXPECT_EQ(
      error_of(""),
      "a.jpg: starts with bytes that are none (it is empty) and a JPEG file starts with ff d8 ff, a PNG file "
      "with 89 50 4e 47; convert or remove it [BM-DATA-020]");
}

TEST(Decode, AJpegThatEndsEarlyIsAnErrorAndNotTheEndOfTheProcess) {
  const auto bytes = test::jpeg_bytes(ramp({3, 32, 32}, 0));
  EXPECT_EQ(
      error_of(bytes.substr(0, bytes.size() - 40)),
      "a.jpg: cannot be decoded (Premature end of JPEG file); replace or remove the image [BM-DATA-021]");
  EXPECT_EQ(
      error_of(bytes.substr(0, 20)),
      "a.jpg: cannot be decoded (Premature end of JPEG file); replace or remove the image [BM-DATA-021]");
}

TEST(Decode, APngThatEndsEarlyIsAnError) {
  const auto bytes = test::png_bytes(ramp({3, 32, 32}, 0));
  EXPECT_EQ(error_of(bytes.substr(0, 60)),
            "a.jpg: cannot be decoded (read beyond end of data); replace or remove the image [BM-DATA-021]");
}

TEST(Decode, CmykAnd16BitsAreRefused) {
  EXPECT_EQ(error_of(test::cmyk_jpeg_bytes(8, 8)),
            "a.jpg: has 4 components that are not RGB and 8 bits of grey or RGB are needed; convert it "
            "[BM-DATA-022]");
  EXPECT_EQ(error_of(test::png16_bytes(2, 2)),
            "a.jpg: has 16 bits a channel and 8 bits of grey or RGB are needed; convert it [BM-DATA-022]");
}

TEST(Decode, AJpegThatPromises65500PixelsASideIsRefusedBeforeAllocation) {
  auto bytes = test::jpeg_bytes(ramp({1, 8, 8}, 0));
  const auto frame = bytes.find("\xff\xc0");
  ASSERT_NE(frame, std::string::npos);
  for (const std::size_t at : {frame + 5, frame + 7}) bytes.replace(at, 2, "\xff\xdc");
  EXPECT_EQ(
      error_of(bytes),
      "a.jpg: has 65500 x 65500 pixels and the limit is 67108864 together; make it smaller [BM-DATA-023]");
}

}  // namespace
}  // namespace bitmason::data
