#include "base/text.hpp"

#include <gtest/gtest.h>

namespace bitmason {
namespace {

TEST(TextTest, BytesThatAreNotUtf8BecomeTheReplacementCharacter) {
  EXPECT_EQ(utf8_text("caf\xc3\xa9 \"1\"\n"), "caf\xc3\xa9 \"1\"\n");
  EXPECT_EQ(utf8_text("caf\xe9"), "caf\xef\xbf\xbd");
  EXPECT_EQ(utf8_text(""), "");
}

TEST(TextTest, WordsAreJoinedByCommas) {
  EXPECT_EQ(joined({}), "");
  EXPECT_EQ(joined({"a", "b", "c"}), "a, b, c");
}

}  // namespace
}  // namespace bitmason
