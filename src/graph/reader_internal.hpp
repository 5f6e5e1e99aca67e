#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/diagnostics.hpp"
#include "graph/graph.hpp"
#include "graph/read.hpp"

/// Private to the room: one file while it is being read.
namespace bitmason::graph {

/// What a name of the file stands for.
struct Operand {
  std::shared_ptr<const onnxio::Tensor> constant;  ///< null: a value of the network
  std::optional<WeightQuantiser> quantiser;        ///< of the constant
  int value = 0;
  bool flat = false;  ///< of rank 2 in the file
};

/// y = factor * x + term, per channel.
struct Affine {
  std::vector<double> factor;
  std::vector<double> term;
};

/// Reads node after node. A handler reports what is wrong and returns without a result; nodes that read what
/// is missing then are skipped, so that one run lists all findings.
class Reader {
 public:
  Reader(const onnxio::Model& model, const ReadOptions& options) : model_(model), options_(options) {}
  Result<Graph> read();

 private:
  using Handler = void (Reader::*)();
  static const std::map<std::string, Handler>& handlers();

  void declare_input();
  void read_pixel();
  void read_node();
  void finish();
  void remove_unused();

  // Layers.
  void read_conv();
  void read_gemm();
  void read_matmul();
  void read_batch_norm();
  void read_affine();
  void read_add();
  void apply(const Operand& x, const Affine& affine);
  /// A finding where weights have scales that are not one, or one per output.
  bool need_scales(const Weights& weights);
  void add_linear(const Operand& weights, bool transposed, std::vector<float> bias);

  // Reordering and pooling.
  void read_relu();
  void read_max_pool();
  void read_average_pool();
  void read_global_average_pool();
  void read_reduce_mean();
  void read_concat();
  void read_space_to_depth();
  void read_flatten();
  void read_reshape();
  void read_transpose();
  void read_alias();
  void read_softmax();
  void read_constant();

  // Quantisers.
  void read_quant();
  void read_bipolar_quant();
  void quantise_value(float scale, std::size_t scales, int width, bool is_signed, bool narrow);
  /// Positive scales; nothing (and a finding) for others.
  std::optional<std::vector<float>> scales(std::size_t index);
  /// One number of bits from 1; nothing (and a finding) for others.
  std::optional<int> width(std::size_t index, int most);

  // Accessors of the node that is being read.
  void fail(const DiagnosticKind& kind, std::initializer_list<std::string> arguments);
  [[nodiscard]] const Operand& input(std::size_t index) const;
  [[nodiscard]] bool has(std::size_t index) const;
  [[nodiscard]] bool is_constant(std::size_t index) const;
  /// A finding where the input is a constant, or flat where it should not be.
  bool need_value(std::size_t index, bool flat_allowed = true);
  const onnxio::Tensor* need_constant(std::size_t index);
  std::int64_t integer(const std::string& name, std::int64_t otherwise) const;
  double real(const std::string& name, double otherwise) const;
  std::vector<std::int64_t> integers(const std::string& name, std::vector<std::int64_t> otherwise) const;
  std::string text(const std::string& name, const std::string& otherwise) const;
  /// A finding where the attribute is another integer.
  bool need_attribute(const std::string& name, std::int64_t needed, std::int64_t otherwise);
  std::optional<ir::Window> window(std::vector<std::int64_t> kernel);
  /// The constant's element for each channel of the value; nothing (and a finding) where it has others.
  std::optional<std::vector<double>> per_channel(std::size_t index, const Operand& value);
  /// `count` floats; nothing (and a finding) for another number.
  std::optional<std::vector<float>> floats(std::size_t index, std::size_t count);

  [[nodiscard]] const ir::Shape& shape(const Operand& operand) const;
  void define(Operand operand);
  void append(Operation operation, const std::vector<Operand>& inputs, bool flat);
  std::string unique_name() const;

  const onnxio::Model& model_;
  const ReadOptions& options_;
  const onnxio::Node* node_ = nullptr;
  Graph graph_;
  std::vector<ir::Shape> shapes_;
  std::map<std::string, Operand> operands_;
  std::map<std::string, int> uses_;
  Diagnostics errors_;
};

std::vector<double> reals_of(const onnxio::Tensor& tensor);

}  // namespace bitmason::graph
