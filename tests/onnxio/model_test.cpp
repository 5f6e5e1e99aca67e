#include "onnxio/model.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <limits>
#include <random>

#include "base/file.hpp"

namespace bitmason::onnxio {
namespace {

/// Protobuf wire format by hand, so that files may be malformed.
std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 128; value >>= 7) out += static_cast<char>(value | 128);
  return out + static_cast<char>(value);
}
std::string number(int field, std::uint64_t value) {
  return varint(static_cast<std::uint64_t>(field) << 3) + varint(value);
}
std::string bytes(int field, const std::string& content) {
  return varint(static_cast<std::uint64_t>(field) << 3 | 2) + varint(content.size()) + content;
}

/// TensorProto: dims 1, data_type 2, name 8, raw_data 9, external_data 13, data_location 14.
std::string tensor(const std::string& name, std::vector<std::uint64_t> dims, std::uint64_t type,
                   const std::string& raw) {
  std::string out;
  for (const std::uint64_t dim : dims) out += number(1, dim);
  return out + number(2, type) + bytes(8, name) + bytes(9, raw);
}
/// NodeProto: input 1, output 2, name 3, op_type 4.
std::string node(const std::string& input, const std::string& output, const std::string& name) {
  return bytes(1, input) + bytes(2, output) + bytes(3, name) + bytes(4, "Relu");
}
/// ModelProto: ir_version 1, graph 7 (node 1, name 2, initializer 5), opset_import 8 (version 2).
std::string model(const std::string& graph) {
  return number(1, 8) + bytes(8, number(2, 13)) + bytes(7, graph);
}
const std::string kNode = bytes(1, node("x", "y", "relu"));

std::string errors(const std::string& content) {
  const auto result = parse_model(content, "f.onnx");
  return result ? "(read)" : to_text(result.errors());
}

class TemporaryFile {
 public:
  TemporaryFile()
      : path_(std::filesystem::temp_directory_path() /
              ("bitmason_onnxio_" + std::to_string(::getpid()) + ".onnx")) {}
  ~TemporaryFile() { std::filesystem::remove(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

Model sample() {
  Model m{.graph_name = "g", .producer = "p", .opsets = {{"", 13}, {"qonnx.custom_op.general", 1}}};
  m.inputs = {{"x", "float32", {-1, 3}}};
  m.outputs = {{"y", "float32", {1, 3}}};
  m.metadata = {{"key", "value"}};
  m.initializers = {{"w", {2, 2}, "float32", {}, {0.5, -1.25, 3, 0}},
                    {"i8", {2}, "int8", {-128, 127}, {}},
                    {"i64", {}, "int64", {-5}, {}},
                    {"u16", {1}, "uint16", {65535}, {}},
                    {"f64", {1}, "float64", {}, {0.1}}};
  m.nodes = {{"n",
              "Quant",
              "qonnx.custom_op.general",
              {"x", "w"},
              {"y"},
              {{"a", std::int64_t{-3}},
               {"b", 0.5},
               {"c", std::string("ROUND")},
               {"d", std::vector<std::int64_t>{1, 2}},
               {"e", std::vector<double>{0.25}},
               {"t", Tensor{"t", {1}, "int32", {7}, {}}}}}};
  return m;
}

TEST(OnnxModel, WhatIsWrittenIsReadBack) {
  const TemporaryFile file;
  const Model m = sample();
  ASSERT_TRUE(write_model(file.path(), m));
  const auto read = read_model(file.path());
  ASSERT_TRUE(read) << to_text(read.errors());
  EXPECT_EQ(read->graph_name, "g");
  EXPECT_EQ(read->opsets, m.opsets);
  EXPECT_EQ(read->metadata, m.metadata);
  EXPECT_EQ(read->inputs[0].shape, (std::vector<std::int64_t>{-1, 3}));
  ASSERT_EQ(read->initializers.size(), m.initializers.size());
  for (std::size_t i = 0; i < m.initializers.size(); ++i) {
    EXPECT_EQ(read->initializers[i].type, m.initializers[i].type);
    EXPECT_EQ(read->initializers[i].shape, m.initializers[i].shape);
    EXPECT_EQ(read->initializers[i].integers, m.initializers[i].integers);
    EXPECT_EQ(read->initializers[i].reals, m.initializers[i].reals);
  }
  const Node& n = read->nodes[0];
  EXPECT_EQ(n.inputs, (std::vector<std::string>{"x", "w"}));
  EXPECT_EQ(std::get<std::int64_t>(n.attributes.at("a")), -3);
  EXPECT_EQ(std::get<double>(n.attributes.at("b")), 0.5);
  EXPECT_EQ(std::get<std::string>(n.attributes.at("c")), "ROUND");
  EXPECT_EQ(std::get<std::vector<std::int64_t>>(n.attributes.at("d")), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(std::get<std::vector<double>>(n.attributes.at("e")), (std::vector<double>{0.25}));
  EXPECT_EQ(std::get<Tensor>(n.attributes.at("t")).integers, (std::vector<std::int64_t>{7}));
}

TEST(OnnxModel, HalfPrecisionIsExact) {
  // 0x3c00 = 1, 0xc100 = -2.5, 0x0001 = 2^-24, 0x7c00 = infinity; bfloat16 0x3fc0 = 1.5.
  const std::string half = tensor("h", {4}, 10, std::string("\x00\x3c\x00\xc1\x01\x00\x00\x7c", 8));
  const std::string brain = tensor("b", {1}, 16, std::string("\xc0\x3f", 2));
  const auto read = parse_model(model(kNode + bytes(5, half) + bytes(5, brain)), "f");
  ASSERT_TRUE(read) << to_text(read.errors());
  EXPECT_EQ(read->initializers[0].reals,
            (std::vector<double>{1, -2.5, 0x1p-24, std::numeric_limits<double>::infinity()}));
  EXPECT_EQ(read->initializers[1].reals, (std::vector<double>{1.5}));
}

TEST(OnnxModel, OtherFilesAreRefused) {
  EXPECT_EQ(errors("hello, this is text"),
            "f.onnx: the 19 bytes are not an ONNX model (no complete protobuf message); export the network "
            "again [BM-ONNX-001]\n");
  EXPECT_EQ(errors(""),
            "f.onnx: the model holds no graph with nodes; export the network again [BM-ONNX-002]\n");
}

TEST(OnnxModel, ExternalDataIsRefused) {
  const std::string entry = bytes(1, "location") + bytes(2, "../../etc/passwd");
  const std::string external = number(1, 2) + number(2, 1) + bytes(8, "w") + bytes(13, entry) + number(14, 1);
  EXPECT_EQ(errors(model(kNode + bytes(5, external))),
            "f.onnx: initializer w: keeps its values in another file (../../etc/passwd); save the model with "
            "all data in one file [BM-ONNX-003]\n");
}

TEST(OnnxModel, ShapesAreBounded) {
  EXPECT_EQ(errors(model(kNode + bytes(5, tensor("w", {1u << 20, 1u << 20}, 1, "")))),
            "f.onnx: initializer w: shape [1048576, 1048576] has a negative size or more than 268435456 "
            "elements; give a valid, smaller shape [BM-ONNX-004]\n");
  EXPECT_EQ(errors(model(kNode + bytes(5, tensor("w", {static_cast<std::uint64_t>(-1)}, 1, "")))),
            "f.onnx: initializer w: shape [-1] has a negative size or more than 268435456 elements; give a "
            "valid, smaller shape [BM-ONNX-004]\n");
}

TEST(OnnxModel, DataMustMatchTheShape) {
  EXPECT_EQ(errors(model(kNode + bytes(5, tensor("w", {3}, 1, std::string(8, '\0'))))),
            "f.onnx: initializer w: shape [3] of float32 needs 12 bytes and the file holds 8; export the "
            "network again [BM-ONNX-005]\n");
  const std::string typed = number(1, 3) + number(2, 7) + bytes(8, "w") + number(7, 5);
  EXPECT_EQ(errors(model(kNode + bytes(5, typed))),
            "f.onnx: initializer w: shape [3] of int64 needs 3 values and the file holds 1; export the "
            "network again [BM-ONNX-005]\n");
}

TEST(OnnxModel, ElementTypesAndValuesAreChecked) {
  EXPECT_EQ(errors(model(kNode + bytes(5, tensor("w", {1}, 8, "x")))),
            "f.onnx: initializer w: element type 8 is not supported; store the tensor as float or as an "
            "integer [BM-ONNX-006]\n");
  const std::string wide = number(1, 1) + number(2, 3) + bytes(8, "w") + number(5, 300);
  EXPECT_EQ(errors(model(kNode + bytes(5, wide))),
            "f.onnx: initializer w: element 0 is 300, outside the range of int8; export the network again "
            "[BM-ONNX-008]\n");
}

TEST(OnnxModel, NamesAreUnique) {
  EXPECT_EQ(
      errors(model(kNode + bytes(1, node("x", "y", "again")))),
      "f.onnx: value y: two values have this name and 1 is allowed; give each its own name [BM-ONNX-007]\n");
  const std::string attribute = bytes(5, bytes(1, "axis") + number(3, 1) + number(20, 2));
  EXPECT_EQ(errors(model(bytes(1, node("x", "y", "n") + attribute + attribute))),
            "f.onnx: node n: attribute axis is given twice and 1 is allowed; export the network again "
            "[BM-ONNX-010]\n");
}

TEST(OnnxModel, SparseInitializersAreRefused) {
  EXPECT_EQ(errors(model(kNode + bytes(15, ""))),
            "f.onnx: 1 sparse initializers are not supported; store them as dense tensors [BM-ONNX-009]\n");
}

TEST(OnnxModel, DeepNestingEndsInAnError) {
  // A graph in an attribute of a node of a graph, 5000 deep.
  std::string graph = kNode;
  for (int depth = 0; depth < 5000; ++depth)
    graph = bytes(1, bytes(4, "If") + bytes(5, bytes(1, "b") + bytes(6, graph) + number(20, 5)));
  EXPECT_EQ(errors(model(graph)).substr(0, 7), "f.onnx:");
}

TEST(OnnxModel, MissingFileIsAnError) {
  const auto result = read_model("/nonexistent/net.onnx");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.errors()[0].code, "BM-FILE-001");
}

TEST(OnnxTensor, AFileOfOneTensorIsReadAndDamagedOnesAreRefused) {
  const TemporaryFile file;
  // Little-endian float32: 1.5 is 3fc00000, -2 is c0000000.
  const std::string whole = tensor("y", {1, 2}, 1, std::string("\0\0\xc0\x3f\0\0\0\xc0", 8));
  ASSERT_TRUE(write_file(file.path(), whole));
  const auto read = read_tensor(file.path());
  ASSERT_TRUE(read) << to_text(read.errors());
  EXPECT_EQ(read->shape, (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(read->reals, (std::vector<double>{1.5, -2}));
  ASSERT_TRUE(write_file(file.path(), whole.substr(0, whole.size() - 1)));
  const auto cut = read_tensor(file.path());
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.errors()[0].message(),
            file.path().string() + ": the " + std::to_string(whole.size() - 1) +
                " bytes are not an ONNX tensor (no complete protobuf message); write the tensor again "
                "[BM-ONNX-011]");
  ASSERT_TRUE(write_file(file.path(), tensor("y", {3}, 1, "1234")));
  const auto wrong = read_tensor(file.path());
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.errors()[0].code, "BM-ONNX-005");
  EXPECT_EQ(read_tensor("/nonexistent/y.pb").errors()[0].code, "BM-FILE-001");
}

TEST(OnnxModel, EveryTruncationAndManyFlippedBytesEndInAResult) {
  const TemporaryFile file;
  ASSERT_TRUE(write_model(file.path(), sample()));
  const std::string good = *read_file(file.path());
  int refused = 0;
  for (std::size_t length = 0; length < good.size(); ++length)
    refused += parse_model(good.substr(0, length), "f") ? 0 : 1;
  EXPECT_GT(refused, 0);
  std::mt19937 random(1);
  for (int round = 0; round < 20000; ++round) {
    std::string bad = good;
    for (int k = 0; k < 1 + round % 4; ++k) bad[random() % bad.size()] = static_cast<char>(random());
    const auto result = parse_model(bad, "f");
    if (!result) {
      EXPECT_FALSE(result.errors().empty());
    }
  }
}

}  // namespace
}  // namespace bitmason::onnxio
