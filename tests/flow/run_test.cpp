#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "flow/flow.hpp"
#include "flow/network_access.hpp"
#include "flow_case.hpp"
#include "sim/engine.hpp"
#include "support/random_network.hpp"

namespace bitmason::flow {
namespace {

using cases::error_of;

/// Element i of the batch's output against the exact values of each frame, as the nearest float.
void expect_exact(const onnxio::Model& model, const std::vector<NpyArray>& inputs, std::size_t output,
                  const NpyArray& got) {
  const std::int64_t frames = inputs.front().shape[0];
  ASSERT_EQ(got.shape[0], frames);
  std::size_t at = 0;
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    test::ExactValues values;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      values[model.inputs[i].name] = cases::exact_frame(inputs[i], frame);
    const auto exact = test::interpret(model, values).at(model.outputs[output].name);
    for (const Rational& value : exact.values) {
      ASSERT_LT(at, got.size());
      ASSERT_EQ(static_cast<float>(got.real(at)), static_cast<float>(value.to_double())) << "element " << at;
      ++at;
    }
  }
  EXPECT_EQ(at, got.size());
}

TEST(Run, SeveralInputsAndOutputsAreExactUnderTheirNames) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const cases::Scratch folder;
    const onnxio::Model model = cases::two_by_two(seed);
    const NpyArray left = cases::random_values({3, 2, 4, 4}, seed);
    const NpyArray right = cases::random_values({3, 3, 4, 4}, seed + 100);
    const auto ran = run({.network = {.file = folder.save(model)},
                          .inputs = {"right=" + folder.save(right, "r.npy").string(),
                                     "left=" + folder.save(left, "l.npy").string()},
                          .outputs = {model.outputs[1].name + "=" + folder.text("second.npy"),
                                      model.outputs[0].name + "=" + folder.text("first.npy")},
                          .data = cases::data()},
                         cases::silent);
    ASSERT_TRUE(ran) << to_text(ran.errors());
    const auto json = nlohmann::json::parse(ran->json);
    EXPECT_EQ(json.at("frames"), 3);
    EXPECT_EQ(json.at("engine"), "fast");
    EXPECT_GT(json.at("frames_per_second").get<double>(), 0);
    expect_exact(model, {left, right}, 0, *read_npy(folder / "first.npy"));
    expect_exact(model, {left, right}, 1, *read_npy(folder / "second.npy"));
  }
}

TEST(Run, BatchesOfAnySizeIncludingNoneAreTheirFramesInOrder) {
  const cases::Scratch folder;
  const onnxio::Model model = cases::small_network();
  RunRequest request{.network = {.file = folder.save(model)},
                     .inputs = {folder.text("x.npy")},
                     .outputs = {folder.text("y.npy")},
                     .data = cases::data()};
  for (const std::int64_t frames : {1, 2, 7, 33}) {
    const NpyArray values = cases::random_values({frames, 2, 4, 4}, static_cast<std::uint64_t>(frames));
    folder.save(values, "x.npy");
    ASSERT_TRUE(run(request, cases::silent));
    const auto output = read_npy(folder / "y.npy");
    EXPECT_EQ(output->shape, (std::vector<std::int64_t>{frames, 3, 4, 4}));
    expect_exact(model, {values}, 0, *output);
  }
  folder.save({{0, 2, 4, 4}, NpyType::Float32, {}, {}}, "x.npy");
  const auto none = run(request, cases::silent);
  ASSERT_TRUE(none) << to_text(none.errors());
  EXPECT_EQ(read_npy(folder / "y.npy")->shape, (std::vector<std::int64_t>{0, 3, 4, 4}));
  NpyArray single = cases::random_values({1, 2, 4, 4}, 5);
  single.shape = {2, 4, 4};
  folder.save(single, "x.npy");
  ASSERT_TRUE(run(request, cases::silent));
  single.shape = {1, 2, 4, 4};
  expect_exact(model, {single}, 0, *read_npy(folder / "y.npy"));
}

TEST(Run, CodesAreIntegersWithTheirScale) {
  const cases::Scratch folder;
  RunRequest request{.network = {.file = folder.save(cases::small_network())},
                     .inputs = {folder.save(cases::random_values({4, 2, 4, 4}, 9), "x.npy").string()},
                     .outputs = {folder.text("values.npy")},
                     .data = cases::data()};
  ASSERT_TRUE(run(request, cases::silent));
  request.codes = true;
  request.outputs = {folder.text("codes.npy")};
  const auto ran = run(request, cases::silent);
  ASSERT_TRUE(ran);
  const auto values = read_npy(folder / "values.npy");
  const auto codes = read_npy(folder / "codes.npy");
  EXPECT_EQ(codes->type, NpyType::Int64);
  EXPECT_EQ(codes->shape, values->shape);
  bool varied = false;
  for (std::size_t i = 0; i < codes->size(); ++i) {
    // The last quantiser has 3 unsigned bits and scale 4.
    ASSERT_GE(codes->integers[i], 0);
    ASSERT_LE(codes->integers[i], 7);
    ASSERT_EQ(values->real(i), 4.0 * codes->real(i));
    varied = varied || codes->integers[i] != codes->integers[0];
  }
  EXPECT_TRUE(varied);
  const std::string line = ran->text.substr(ran->text.find('\n') + 1);
  EXPECT_TRUE(line.ends_with(": value = scale 4 offset 0\n")) << line;
}

/// codes * scale + offset with numpy's broadcasting along one axis.
double value_of(const NpyArray& codes, std::size_t i, const nlohmann::json& output) {
  const auto pick = [&](const nlohmann::json& list) {
    if (list.is_number()) return list.get<double>();
    std::size_t stride = 1;
    const std::size_t axis = output.value("axis", codes.shape.size());
    for (std::size_t d = axis + 1; d < codes.shape.size(); ++d)
      stride *= static_cast<std::size_t>(codes.shape[d]);
    return list.at(i / stride % list.size()).get<double>();
  };
  return codes.real(i) * pick(output.at("scale")) + pick(output.at("offset"));
}

/// Runs with and without --codes; the codes must be the values once scaled, in shape and order.
void expect_codes_scale_to_values(const onnxio::Model& model, const std::vector<std::int64_t>& input,
                                  const std::vector<std::int64_t>& output, bool per_channel) {
  const cases::Scratch folder;
  RunRequest request{.network = {.file = folder.save(model)},
                     .inputs = {folder.save(cases::random_values(input, 9), "x.npy").string()},
                     .outputs = {folder.text("values.npy")},
                     .data = cases::data()};
  ASSERT_TRUE(run(request, cases::silent));
  request.codes = true;
  request.outputs = {folder.text("codes.npy")};
  const auto ran = run(request, cases::silent);
  ASSERT_TRUE(ran) << to_text(ran.errors());
  const nlohmann::json json = nlohmann::json::parse(ran->json).at("outputs").at(0);
  EXPECT_EQ(json.at("shape"), nlohmann::json(output));
  EXPECT_EQ(json.at("scale").is_array(), per_channel);
  EXPECT_FALSE(json.contains("left_out"));
  const auto values = read_npy(folder / "values.npy");
  const auto codes = read_npy(folder / "codes.npy");
  EXPECT_EQ(codes->type, NpyType::Int64);
  ASSERT_EQ(codes->shape, output);
  ASSERT_EQ(values->shape, output);
  for (std::size_t i = 0; i < codes->size(); ++i) ASSERT_EQ(values->real(i), value_of(*codes, i, json)) << i;
}

TEST(Run, CodesHaveTheShapeAndOrderOfTheFilesValues) {
  const auto quantised = [](test::GraphWriter& graph, bool per_channel) {
    const std::string x = graph.quant(graph.input("x", {1, 3, 2, 2}), {}, {0.25}, 4, true, false);
    return per_channel ? graph.quant(x, {1, 3, 1, 1}, {0.25, 0.5, 1}, 3, true, false) : x;
  };
  for (const bool per_channel : {false, true}) {
    test::GraphWriter plain("plain");
    std::string y = quantised(plain, per_channel);
    expect_codes_scale_to_values(std::move(plain).finish(y, {1, 3, 2, 2}), {2, 3, 2, 2}, {2, 3, 2, 2},
                                 per_channel);
    test::GraphWriter last("channels_last");
    y = last.node("Transpose", {quantised(last, per_channel)},
                  {{"perm", std::vector<std::int64_t>{0, 2, 3, 1}}});
    expect_codes_scale_to_values(std::move(last).finish(y, {1, 2, 2, 3}), {2, 3, 2, 2}, {2, 2, 2, 3},
                                 per_channel);
    test::GraphWriter flat("flat");
    y = flat.node("Flatten", {quantised(flat, per_channel)});
    expect_codes_scale_to_values(std::move(flat).finish(y, {1, 12}), {2, 3, 2, 2}, {2, 12}, per_channel);
  }
}

TEST(Run, CodesLeaveOutTheTailAndSaySo) {
  const cases::Scratch folder;
  test::GraphWriter graph("tail");
  const std::string x = graph.quant(graph.input("x", {1, 5}), {}, {0.25}, 4, true, false);
  const std::string y = graph.node("ArgMax", {x}, {{"axis", std::int64_t{1}}, {"keepdims", std::int64_t{0}}});
  const auto ran = run({.network = {.file = folder.save(std::move(graph).finish(y, {1}))},
                        .inputs = {folder.save(cases::random_values({2, 5}, 3), "x.npy").string()},
                        .outputs = {folder.text("codes.npy")},
                        .codes = true,
                        .data = cases::data()},
                       cases::silent);
  ASSERT_TRUE(ran) << to_text(ran.errors());
  EXPECT_EQ(read_npy(folder / "codes.npy")->shape, (std::vector<std::int64_t>{2, 5}));
  EXPECT_TRUE(ran->text.ends_with("value = scale 1/4 offset 0; left out: argmax axis 1\n")) << ran->text;
  EXPECT_EQ(nlohmann::json::parse(ran->json).at("outputs").at(0).at("left_out"),
            nlohmann::json({"argmax axis 1"}));
}

TEST(Run, DumpedLayersAreTheReferenceTrace) {
  const cases::Scratch folder;
  const auto file = folder.save(cases::small_network());
  const NpyArray values = cases::random_values({2, 2, 4, 4}, 11);
  RunRequest request{.network = {.file = file},
                     .inputs = {folder.save(values, "x.npy").string()},
                     .outputs = {folder.text("y.npy")},
                     .dump_layers = folder / "layers",
                     .data = cases::data()};
  ASSERT_TRUE(run(request, cases::silent));
  const auto loaded = load_network({.file = file});
  const ir::Network& network = loaded->network;
  const auto codes = sim::quantise_input(network, network.inputs().front(), values);
  std::size_t files = 0;
  for (const auto& entry : cases::fs::directory_iterator(folder / "layers")) files += entry.is_regular_file();
  EXPECT_EQ(files, network.layers().size());
  for (std::size_t layer = 0; layer < network.layers().size(); ++layer) {
    const auto dumped = read_npy(folder / ("layers/" + network.layers()[layer].name + ".npy"));
    ASSERT_TRUE(dumped) << to_text(dumped.errors());
    sim::Codes expected;
    for (const sim::Codes& frame : *codes) {
      const sim::Codes tensor = sim::run_reference(network, {&frame, 1})[layer];
      expected.insert(expected.end(), tensor.begin(), tensor.end());
    }
    EXPECT_EQ(dumped->integers, expected) << network.layers()[layer].name;
  }
  request.engine = "rtl";
  EXPECT_EQ(
      error_of(run(request, cases::silent)),
      "--dump-layers: cannot be combined with --engine rtl, which gives the outputs only; leave it out or "
      "use --engine fast [BM-FLOW-010]\n");
  request.engine = "quick";
  EXPECT_EQ(error_of(run(request, cases::silent)),
            "--engine: quick is not a known engine; choose fast, reference or rtl [BM-FLOW-006]\n");
}

TEST(Run, RawCodesAsTheStreamGiveTheSameOutputs) {
  const cases::Scratch folder;
  const onnxio::Model model = cases::small_network();
  NpyArray values{{2, 2, 4, 4}, NpyType::Float64, {}, {}};
  for (int i = 0; i < 64; ++i) values.reals.push_back(i * 4 / 16.0);
  RunRequest request{.network = {.file = folder.save(model), .input_type = "uint8", .input_scale = "1/16"},
                     .inputs = {folder.save(values, "x.npy").string()},
                     .outputs = {folder.text("y.npy")},
                     .data = cases::data()};
  const auto ran = run(request, cases::silent);
  ASSERT_TRUE(ran) << to_text(ran.errors());
  // The file holds the network's own input values, not the codes.
  expect_exact(model, {values}, 0, *read_npy(folder / "y.npy"));
}

TEST(Run, EnginesAndBothNetworkFilesGiveIdenticalBytes) {
  const cases::Scratch folder;
  for (std::uint64_t seed = 500; seed < 520; ++seed) {
    const onnxio::Model model = test::random_network({.seed = seed, .max_blocks = 3});
    const auto file = folder.save(model);
    std::vector<std::int64_t> shape = model.inputs.front().shape;
    shape[0] = 3;
    RunRequest request{.network = {.file = file},
                       .inputs = {folder.save(cases::random_values(shape, seed), "x.npy").string()},
                       .outputs = {folder.text("fast.npy")},
                       .data = cases::data()};
    ASSERT_TRUE(run(request, cases::silent)) << "seed " << seed;
    request.engine = "reference";
    request.outputs = {folder.text("reference.npy")};
    ASSERT_TRUE(run(request, cases::silent));
    EXPECT_EQ(*read_file(folder / "fast.npy"), *read_file(folder / "reference.npy")) << "seed " << seed;
    ASSERT_TRUE(import_network({.network = {.file = file}, .output = folder / "network.json"}));
    request.network.file = folder / "network.json";
    request.outputs = {folder.text("json.npy")};
    ASSERT_TRUE(run(request, cases::silent));
    EXPECT_EQ(*read_file(folder / "fast.npy"), *read_file(folder / "json.npy")) << "seed " << seed;
  }
}

}  // namespace
}  // namespace bitmason::flow
