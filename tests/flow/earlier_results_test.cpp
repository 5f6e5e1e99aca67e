#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "flow/flow.hpp"
#include "flow_case.hpp"

namespace bitmason::flow {
namespace {

using Json = nlohmann::json;

TEST(BuildDocument, KeepsEarlierResultsOfTheSameDesignOnly) {
  const cases::Scratch folder;
  BuildRequest request{
      .plan = {.network = {.file = folder.save(cases::small_network())}, .data = cases::data()},
      .out = folder / "design"};
  std::string said;
  const auto exact_after_build = [&] {
    said.clear();
    const auto built = build(request, [&](std::string_view line) { said += std::string(line) + "\n"; });
    return built ? Json::parse(built->json).at("exact") : Json(to_text(built.errors()));
  };
  EXPECT_EQ(exact_after_build(), Json::object());
  EXPECT_EQ(said.find("earlier"), std::string::npos) << said;
  const auto verified =
      verify({.design = request.out, .level = "engine", .data = cases::data()}, cases::silent);
  ASSERT_TRUE(verified) << to_text(verified.errors());
  // Another clock changes the planned rate, not the hardware.
  request.plan.clock_mhz = 100;
  EXPECT_EQ(exact_after_build(), Json::parse(verified->json).at("exact"));
  EXPECT_NE(said.find("kept the earlier results of verification and synthesis: the design is the same\n"),
            std::string::npos)
      << said;
  EXPECT_EQ(Json::parse(*read_file(request.out / "report.json")).at("clock_mhz"), 100.0);
  // Results on files that were changed by hand are not those of the design written again.
  ASSERT_TRUE(write_file(request.out / "top.sv", *read_file(request.out / "top.sv") + "// mine\n"));
  EXPECT_EQ(exact_after_build(), Json::object());
  EXPECT_NE(
      said.find("dropped the earlier results of verification and synthesis: the design is another one\n"),
      std::string::npos)
      << said;
  // Other weights are another design.
  ASSERT_TRUE(verify({.design = request.out, .level = "engine", .data = cases::data()}, cases::silent));
  request.plan.network.file = folder.save(cases::small_network(2));
  EXPECT_EQ(exact_after_build(), Json::object());
  EXPECT_NE(said.find("dropped"), std::string::npos) << said;
}

}  // namespace
}  // namespace bitmason::flow
