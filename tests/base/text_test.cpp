#include "base/text.hpp"

#include <gtest/gtest.h>

namespace bitmason {
namespace {

TEST(TextTest, BytesThatAreNotUtf8BecomeTheReplacementCharacter) {
  EXPECT_EQ(utf8_text("caf\xc3\xa9 \"1\"\n"), "caf\xc3\xa9 \"1\"\n");
  EXPECT_EQ(utf8_text("caf\xe9"), "caf\xef\xbf\xbd");
  EXPECT_EQ(utf8_text(""), "");
}

TEST(TextTest, RatesAreRoundedDownToATenth) {
  EXPECT_EQ(rate_text(250e6 / 1984), "126008.0");  // 126,008.06
  EXPECT_EQ(rate_text(69754.46), "69754.4");
  EXPECT_EQ(rate_text(0.3), "0.3");
  EXPECT_EQ(rate_text(48.8 / 2), "24.4");
}

TEST(TextTest, WordsAreJoinedByCommas) {
  EXPECT_EQ(joined({}), "");
  EXPECT_EQ(joined({"a", "b", "c"}), "a, b, c");
}

}  // namespace
}  // namespace bitmason
