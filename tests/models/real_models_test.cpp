#include <algorithm>
#include <random>

#include "models/run_model.hpp"
#include "support/float_files.hpp"

/// Networks that others trained: exact against the values they published, or refused with a reason that is
/// true.
namespace bitmason::test {
namespace {

struct Loaded {
  onnxio::Model model;
  Result<import::Imported> imported;
};

Loaded load(const std::string& name, const import::Options& options = {}) {
  auto model = onnxio::read_model(shared_file("models/" + name));
  EXPECT_TRUE(model) << to_text(model.errors());
  auto imported = import::import_onnx(*model, options);
  return {*std::move(model), std::move(imported)};
}

/// Frames of the one input.
std::vector<std::vector<sim::Codes>> frames_of(const ir::Network& network, const NpyArray& values) {
  const auto codes = sim::quantise_input(network, network.inputs().front(), values);
  EXPECT_TRUE(codes) << to_text(codes.errors());
  std::vector<std::vector<sim::Codes>> frames;
  for (const sim::Codes& frame : *codes) frames.push_back({frame});
  return frames;
}

NpyArray run_fast(const ir::Network& network, const NpyArray& values) {
  sim::Engine engine(network, {});
  const ir::OutputPort& port = network.outputs().front();
  std::vector<sim::Codes> outputs;
  for (const sim::Trace& trace : engine.run_batch(frames_of(network, values)))
    outputs.push_back(trace[static_cast<std::size_t>(port.layer)]);
  return sim::dequantise_output(network, port, outputs);
}

TEST(RealModels, UltraNetReturnsThePublishedAccumulatorsOfAllSixteenImages) {
  NEEDS_SHARED("models/ultranet_w4a4.onnx");
  NEEDS_SHARED("data/ultranet_cases_dev.npz");
  const Loaded net = load("ultranet_w4a4.onnx");
  ASSERT_TRUE(net.imported) << to_text(net.imported.errors());
  const auto cases = read_npz(shared_file("data/ultranet_cases_dev.npz"));
  const NpyArray output = run_fast(net.imported->network, cases.at("input_bgr_chw_u8"));
  const NpyArray& expected = cases.at("conv8_acc_w4a4");
  ASSERT_EQ(output.shape, (std::vector<std::int64_t>{16, 36, 10, 20}));
  ASSERT_TRUE(output.is_integer());
  EXPECT_EQ(output.integers, expected.integers);
}

TEST(RealModels, UltraNetReturnsEveryPublishedActivationOfTheFirstImage) {
  NEEDS_SHARED("models/ultranet_w4a4.onnx");
  NEEDS_SHARED("data/ultranet_cases_dev.npz");
  const Loaded net = load("ultranet_w4a4.onnx");
  ASSERT_TRUE(net.imported) << to_text(net.imported.errors());
  const auto cases = read_npz(shared_file("data/ultranet_cases_dev.npz"));
  NpyArray first = cases.at("input_bgr_chw_u8");
  first.shape[0] = 1;
  first.integers.resize(3u * 160 * 320);
  const ir::Network& network = net.imported->network;
  const auto frames = frames_of(network, first);
  const sim::Trace trace = sim::Engine(network, {.keep_all = true}).run(frames[0]);
  int compared = 0;
  for (std::size_t l = 0; l < network.layers().size(); ++l) {
    const auto published = cases.find("w4a4_" + network.layers()[l].name);
    if (published == cases.end()) continue;
    EXPECT_EQ(trace[l], published->second.integers) << network.layers()[l].name;
    ++compared;
  }
  EXPECT_EQ(compared, 8);  // conv0_act to conv7_act
  EXPECT_EQ(sim::run_reference(network, frames[0]), trace);
}

TEST(RealModels, Tfc2W2AReturnsThePublishedLogitsOfTenThousandDigits) {
  NEEDS_SHARED("models/TFC_2W2A_logits.npz");
  NEEDS_SHARED("data/mnist/t10k-images-idx3-ubyte.gz");
  const Loaded net = load("TFC_2W2A.onnx");
  ASSERT_TRUE(net.imported) << to_text(net.imported.errors());
  const IdxBytes images = read_idx_gz(shared_file("data/mnist/t10k-images-idx3-ubyte.gz"));
  const IdxBytes labels = read_idx_gz(shared_file("data/mnist/t10k-labels-idx1-ubyte.gz"));
  ASSERT_EQ(images.shape, (std::vector<std::int64_t>{10000, 28, 28}));
  NpyArray input{{10000, 1, 28, 28}, NpyType::Float32, {}, {}};
  for (const std::uint8_t pixel : images.values)
    input.reals.push_back(static_cast<double>(static_cast<float>(pixel) / 255.0f));
  const NpyArray output = run_fast(net.imported->network, input);
  const auto published = read_npz(shared_file("models/TFC_2W2A_logits.npz"));
  const NpyArray& logits = published.at("logits");
  ASSERT_EQ(output.shape, logits.shape);
  double worst = 0;
  for (std::size_t i = 0; i < logits.size(); ++i)
    worst = std::max(worst, std::abs(output.real(i) - logits.real(i)));
  // The published values were summed in float32; one step of the integer result changes a logit by 0.13.
  EXPECT_LT(worst, 1e-5);
  int right = 0;
  for (std::size_t frame = 0; frame < 10000; ++frame) {
    const auto begin = output.reals.begin() + static_cast<std::ptrdiff_t>(10 * frame);
    const auto digit = std::max_element(begin, begin + 10) - begin;
    EXPECT_EQ(digit, published.at("pred").integers[frame]) << "digit " << frame;
    right += digit == labels.values[frame] ? 1 : 0;
  }
  EXPECT_EQ(right, 9660);
}

TEST(RealModels, FinnTfcReturnsThePublishedDigits) {
  NEEDS_SHARED("models/finn_tfc/model.onnx");
  const Loaded net = load("finn_tfc/model.onnx");
  ASSERT_TRUE(net.imported) << to_text(net.imported.errors());
  const auto input = read_npy(shared_file("models/finn_tfc/input.npy"));
  const auto expected = read_npy(shared_file("models/finn_tfc/expected_output.npy"));
  ASSERT_TRUE(input && expected);
  EXPECT_EQ(run_fast(net.imported->network, *input).integers, expected->integers);
}

TEST(RealModels, BinaryPerceptronEqualsExactExecutionOnAllEightSignPatterns) {
  NEEDS_SHARED("models/bnn_model_fc_1layer.onnx");
  const Loaded net = load("bnn_model_fc_1layer.onnx");
  ASSERT_TRUE(net.imported) << to_text(net.imported.errors());
  const ir::Network& network = net.imported->network;
  for (int pattern = 0; pattern < 8; ++pattern) {
    NpyArray x{{1, 3}, NpyType::Float32, {}, {}};
    for (int i = 0; i < 3; ++i) x.reals.push_back((pattern >> i & 1) != 0 ? 1 : -1);
    const auto expected = interpret(net.model, {{net.model.inputs[0].name, to_exact(x)}});
    const auto frames = frames_of(network, x);
    const sim::Trace trace = sim::run_reference(network, frames[0]);
    EXPECT_EQ(exact_output(network, trace), expected.at(net.model.outputs[0].name).values) << pattern;
  }
}

TEST(RealModels, JetTaggingOnRawCodesEqualsExactExecution) {
  NEEDS_SHARED("models/qkeras_jettagging.onnx");
  Loaded net = load("qkeras_jettagging.onnx", {.input_type = "int8", .input_scale = Rational(1, 16)});
  ASSERT_TRUE(net.imported) << to_text(net.imported.errors());
  const ir::Network& network = net.imported->network;
  // The softmax runs on the host; what enters it must be exact.
  ASSERT_EQ(net.model.nodes.back().op_type, "Softmax");
  const std::string logits = net.model.nodes.back().inputs[0];
  net.model.nodes.pop_back();
  std::mt19937_64 random(1);
  sim::Engine engine(network, {.keep_all = true});
  for (int frame = 0; frame < 20; ++frame) {
    sim::Codes codes(16);
    for (std::int64_t& code : codes) code = static_cast<std::int64_t>(random() % 256) - 128;
    Exact x{{1, 16}, {}};
    for (const std::int64_t code : codes) x.values.emplace_back(code, 16);
    const auto expected = interpret(net.model, {{net.model.inputs[0].name, x}}).at(logits).values;
    const std::vector<sim::Codes> input{codes};
    const sim::Trace trace = sim::run_reference(network, input);
    EXPECT_EQ(exact_output(network, trace), expected) << "frame " << frame;
    EXPECT_EQ(engine.run(input), trace) << "frame " << frame;
  }
}

std::string float_weights(const std::string& node, const std::string& shape) {
  return node + ": weights of shape " + shape +
         " are float: no common scale makes them integers of at most 16 bits; insert a Quant node after them "
         "(for example signed, narrow, 4 or 8 bits) [BM-IMPORT-021]\n";
}
std::string raw_input(const std::string& node, const std::string& input) {
  return node + ": graph input " + input +
         " arrives without a quantiser; insert a Quant node after it, or give --input-type (for example "
         "--input-type uint8 --input-scale 1/255) [BM-IMPORT-020]\n";
}
std::string unquantised(const std::string& node, const std::string& value) {
  return node + ": its input " + value +
         " follows a nonlinear operator without a quantiser; insert a Quant node before it "
         "[BM-IMPORT-029]\n";
}
std::string selu(const std::string& node) {
  return node +
         ": operator Selu is not supported; replace the activation by Relu and retrain [BM-IMPORT-010]\n";
}

std::string refusal(const std::string& name) {
  const Loaded net = load(name);
  return net.imported ? "(imported)" : to_text(net.imported.errors());
}

TEST(RealModels, JetTaggingWithoutAnInputTypeNamesTheOption) {
  NEEDS_SHARED("models/qkeras_jettagging.onnx");
  EXPECT_EQ(refusal("qkeras_jettagging.onnx"), raw_input("MatMul_0", "global_in"));
}

TEST(RealModels, MnistConvIsRefusedBecauseItIsFloat) {
  NEEDS_SHARED("models/mnist-conv/model.onnx");
  EXPECT_EQ(refusal("mnist-conv/model.onnx"), float_weights("Convolution28", "[8, 1, 5, 5]") +
                                                  raw_input("Convolution28", "Input3") +
                                                  unquantised("Convolution110", "Pooling66_Output_0") +
                                                  float_weights("Convolution110", "[16, 8, 5, 5]") +
                                                  unquantised("Times212", "Pooling160_Output_0_reshape0") +
                                                  float_weights("Times212", "[256, 10]"));
}

TEST(RealModels, FloatKerasModelsAreRefusedWithEveryReason) {
  NEEDS_SHARED("models/conv1d_small_keras.onnx");
  EXPECT_EQ(refusal("conv1d_small_keras.onnx"),
            float_weights("Conv1D__", "[3, 4, 4]") + raw_input("Conv1D__", "input_1_0") +
                unquantised("Conv1D__1", "activation_output") + float_weights("Conv1D__1", "[2, 3, 4]") +
                unquantised("Conv1D__2", "activation_output1") + float_weights("Conv1D__2", "[1, 2, 4]") +
                unquantised("Gemm of biased_tensor_name", "flatten_1_Reshape_0") +
                float_weights("Gemm of biased_tensor_name", "[10, 5]") +
                unquantised("Gemm of biased_tensor_name1", "fc1_relu_Relu_0") +
                float_weights("Gemm of biased_tensor_name1", "[5, 5]"));
  EXPECT_EQ(refusal("conv2d_small_keras.onnx"),
            float_weights("Conv2D__", "[2, 1, 3, 3]") + raw_input("Conv2D__", "conv2d_1_input_0") +
                unquantised("Gemm of biased_tensor_name", "flatten_1_Reshape_0") +
                float_weights("Gemm of biased_tensor_name", "[128, 10]"));
  const std::string dense = "_class__keras_layers_core_Dense__";
  EXPECT_EQ(refusal("three_layer_keras.onnx"),
            float_weights(dense, "[16, 64]") + raw_input(dense, "input_1_0") +
                unquantised(dense + "1", "fc1_relu_Relu_0") + float_weights(dense + "1", "[64, 32]") +
                unquantised(dense + "2", "fc2_relu_Relu_0") + float_weights(dense + "2", "[32, 32]") +
                unquantised(dense + "3", "fc3_relu_Relu_0") + float_weights(dense + "3", "[32, 5]"));
}

TEST(RealModels, SeluIsRefusedByName) {
  NEEDS_SHARED("models/conv2d_small_mp_keras.onnx");
  EXPECT_EQ(refusal("conv2d_small_mp_keras.onnx"),
            float_weights("Conv2D_1", "[5, 1, 3, 3]") + raw_input("Conv2D_1", "input_19_0") + selu("Selu") +
                float_weights("Conv2D_2", "[2, 5, 5, 5]") + selu("Selu1") +
                unquantised("Gemm of biased_tensor_name", "flatten_19_Reshape_0") +
                float_weights("Gemm of biased_tensor_name", "[18, 10]") + selu("Selu2") +
                float_weights("Gemm of biased_tensor_name1", "[10, 5]"));
}

}  // namespace
}  // namespace bitmason::test
