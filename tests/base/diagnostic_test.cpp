#include "base/diagnostic.hpp"

#include <gtest/gtest.h>

#include "base/result.hpp"

namespace bitmason {
namespace {

constexpr DiagnosticKind kKind{"BM-TEST-001", "{} and {} differ; make them equal"};

TEST(DiagnosticTest, ArgumentsFillTheHolesInOrder) {
  const Diagnostic diagnostic = make_diagnostic(kKind, "node conv1", {"3", "{}"});
  EXPECT_EQ(diagnostic.message(), "node conv1: 3 and {} differ; make them equal [BM-TEST-001]");
  EXPECT_EQ(make_diagnostic(kKind, "", {"1", "2"}).message(),
            "1 and 2 differ; make them equal [BM-TEST-001]");
}

TEST(DiagnosticTest, TextHasOneLineEach) {
  const Diagnostic diagnostic = make_diagnostic(kKind, "a", {"1", "2"});
  EXPECT_EQ(
      to_text({diagnostic, diagnostic}),
      "a: 1 and 2 differ; make them equal [BM-TEST-001]\na: 1 and 2 differ; make them equal [BM-TEST-001]\n");
}

TEST(ResultTest, HoldsAValueOrDiagnostics) {
  const Result<int> value = 3;
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(*value, 3);
  const Result<int> error = make_diagnostic(kKind, "a", {"1", "2"});
  ASSERT_FALSE(error.ok());
  EXPECT_EQ(error.errors().size(), 1U);
}

}  // namespace
}  // namespace bitmason
