#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file.hpp"
#include "flow/flow.hpp"
#include "flow_case.hpp"

/// What `run` holds, writes and says of its files.
namespace bitmason::flow {
namespace {

/// Every file and folder below `folder`.
std::set<std::string> entries(const cases::fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : cases::fs::recursive_directory_iterator(folder))
    names.insert(cases::fs::relative(entry.path(), folder).string());
  return names;
}

/// x in 4 unsigned bits of scale 1/4: values 0 to 3.75.
onnxio::Model quarter_steps() {
  test::GraphWriter graph("quarters");
  const std::string y = graph.quant(graph.input("x", {1, 4}), {}, {0.25}, 4, false, false);
  return std::move(graph).finish(y, {1, 4});
}

/// x in 8 unsigned bits of scale 1.
onnxio::Model pixels() {
  test::GraphWriter graph("pixels");
  const std::string y = graph.quant(graph.input("x", {1, 64}), {}, {1}, 8, false, false);
  return std::move(graph).finish(y, {1, 64});
}

/// Text of a run without its first line, which holds times.
std::string report_of(const RunRequest& request) {
  const auto ran = run(request, cases::silent);
  return ran ? ran->text.substr(ran->text.find('\n') + 1) : to_text(ran.errors());
}

TEST(RunFiles, ChunksOfAnySizeGiveTheBytesOfTheWholeBatch) {
  const cases::Scratch folder;
  const NpyArray left = cases::random_values({7, 2, 4, 4}, 1);
  const NpyArray right = cases::random_values({7, 3, 4, 4}, 2);
  const onnxio::Model model = cases::two_by_two();
  RunRequest request{.network = {.file = folder.save(model)},
                     .inputs = {"left=" + folder.save(left, "l.npy").string(),
                                "right=" + folder.save(right, "r.npy").string()},
                     .data = cases::data()};
  const auto files_with = [&](int chunk) {
    const std::string stem = std::to_string(chunk) + "_";
    request.chunk = chunk;
    request.outputs = {model.outputs[0].name + "=" + folder.text(stem + "a.npy"),
                       model.outputs[1].name + "=" + folder.text(stem + "b.npy")};
    request.dump_layers = folder / (stem + "layers");
    const auto ran = run(request, cases::silent);
    EXPECT_TRUE(ran) << to_text(ran.errors());
    std::string bytes = *read_file(folder / (stem + "a.npy")) + *read_file(folder / (stem + "b.npy"));
    for (const std::string& name : entries(*request.dump_layers))
      bytes += name + *read_file(*request.dump_layers / name);
    return bytes;
  };
  const std::string whole = files_with(0);
  for (const int chunk : {1, 2, 3, 6, 7, 100}) EXPECT_EQ(files_with(chunk), whole) << chunk;
}

TEST(RunFiles, AFaultInALaterChunkNamesItsElementAndLeavesNothing) {
  const cases::Scratch folder;
  NpyArray values{{5, 4}, NpyType::Float32, {}, std::vector<double>(20, 1)};
  values.reals[17] = std::numeric_limits<double>::quiet_NaN();
  const RunRequest request{.network = {.file = folder.save(quarter_steps())},
                           .inputs = {folder.save(values, "x.npy").string()},
                           .outputs = {folder.text("new/deeper/y.npy")},
                           .dump_layers = folder / "layers",
                           .chunk = 2,
                           .data = cases::data()};
  const auto before = entries(folder.path());
  EXPECT_EQ(report_of(request), "x: element 17 is nan; give finite values only [BM-SIM-002]\n");
  EXPECT_EQ(entries(folder.path()), before);
}

TEST(RunFiles, AFaultTakesAwayANewFolderThatSeveralFilesWereToShare) {
  const cases::Scratch folder;
  NpyArray values = cases::random_values({3, 2, 4, 4}, 5);
  values.reals.back() = std::numeric_limits<double>::quiet_NaN();
  const RunRequest request{.network = {.file = folder.save(cases::small_network())},
                           .inputs = {folder.save(values, "x.npy").string()},
                           .outputs = {folder.text("new/y.npy")},
                           .dump_layers = folder / "new" / "layers",
                           .chunk = 1,
                           .data = cases::data()};
  const auto before = entries(folder.path());
  EXPECT_NE(report_of(request).find("[BM-SIM-002]"), std::string::npos);
  EXPECT_EQ(entries(folder.path()), before);
}

TEST(RunFiles, TheCodesUsedTheClampedValuesAndTheFilesAreNamed) {
  const cases::Scratch folder;
  // 3.85 / 0.25 = 15.4 rounds to the largest code and needs no clamping; 4 is code 16 without limits.
  NpyArray values{{5, 4}, NpyType::Float64, {}, std::vector<double>(20, 0.5)};
  values.reals[3] = 3.85;
  values.reals[4] = 4;
  values.reals[5] = -1;
  RunRequest request{.network = {.file = folder.save(quarter_steps())},
                     .inputs = {folder.save(values, "x.npy").string()},
                     .outputs = {folder.text("out/y.npy")},
                     .data = cases::data()};
  const auto ran = run(request, cases::silent);
  ASSERT_TRUE(ran) << to_text(ran.errors());
  const auto json = nlohmann::json::parse(ran->json);
  const nlohmann::json expected = {{"name", "x"},     {"file", folder.text("x.npy")},
                                   {"shape", {5, 4}}, {"range", {0, 15}},
                                   {"values", 20},    {"clamped", 2},
                                   {"codes", {0, 15}}};
  EXPECT_EQ(json.at("inputs"), nlohmann::json::array({expected}));
  EXPECT_EQ(json.at("outputs").at(0).at("type"), "float32");
  const std::string name = json.at("outputs").at(0).at("name");
  const std::string text = "input x: " + folder.text("x.npy") +
                           " (5, 4), codes 0 to 15 of 0 to 15, 2 of 20 values clamped\noutput " + name +
                           ": " + folder.text("out/y.npy") + " (5, 4) float32";
  EXPECT_EQ(ran->text.substr(ran->text.find('\n') + 1),
            text + " in the new folder " + folder.text("out") + "\n");
  EXPECT_EQ(report_of(request), text + "\n");
  values.reals[6] = 5;
  folder.save(values, "x.npy");
  EXPECT_NE(
      report_of(request).find("\nwarning: x: 15.0 % of the values lie beyond the codes and were clamped: the "
                              "input takes values from 0 to 3.75; probably raw pixels are given where scaled "
                              "values are expected\n"),
      std::string::npos);
}

TEST(RunFiles, ScaledValuesInPlaceOfPixelsAreWarnedOf) {
  const cases::Scratch folder;
  NpyArray values{{2, 64}, NpyType::Float32, {}, std::vector<double>(128, 1)};
  RunRequest request{.network = {.file = folder.save(pixels())},
                     .inputs = {folder.save(values, "x.npy").string()},
                     .outputs = {folder.text("y.npy")},
                     .data = cases::data()};
  EXPECT_NE(
      report_of(request).find("\nwarning: x: hardly any of the codes is used: the input takes values from 0 "
                              "to 255; probably scaled values are given where raw ones are expected\n"),
      std::string::npos);
  values.reals[0] = 200;
  folder.save(values, "x.npy");
  EXPECT_EQ(report_of(request).find("warning"), std::string::npos);
  folder.save({{0, 64}, NpyType::Float32, {}, {}}, "x.npy");
  EXPECT_TRUE(report_of(request).starts_with("input x: " + folder.text("x.npy") + " (0, 64), no values\n"));
}

}  // namespace
}  // namespace bitmason::flow
