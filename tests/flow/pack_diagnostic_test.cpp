#include <gtest/gtest.h>

#include "flow/diagnostics.hpp"

namespace bitmason::flow {
namespace {

// No packing that the solver finds fails its proof, so only the words can be tested.
TEST(PackDiagnostic, APackingWithoutProofIsADefect) {
  EXPECT_EQ(make_diagnostic(diagnostics::kNotProved, "w4a4", {"the proof"}).message(),
            "w4a4: is not proved: the proof; this is a defect of Bitmason, please report it with the widths "
            "[BM-FLOW-012]");
}

}  // namespace
}  // namespace bitmason::flow
