#include "graph/read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "graph/reader_internal.hpp"

namespace bitmason::graph {

namespace {

/// y = norm(x) joins the weights of the layer that makes x.
void fold(const BatchNorm& norm, Weights& weights) {
  weights.bias.resize(weights.outputs(), 0);
  weights.quantiser.scales.clear();
  const std::size_t fan_in = weights.fan_in();
  for (std::size_t o = 0; o < weights.outputs(); ++o) {
    const double gain = norm.gain[o] / std::sqrt(norm.variance[o] + norm.epsilon);
    for (std::size_t i = o * fan_in; i < (o + 1) * fan_in; ++i)
      weights.values[i] = static_cast<float>(gain * weights.values[i]);
    weights.bias[o] =
        static_cast<float>(gain * (double{weights.bias[o]} - double{norm.mean[o]}) + double{norm.offset[o]});
  }
}

}  // namespace

const std::map<std::string, Reader::Handler>& Reader::handlers() {
  static const std::map<std::string, Handler> table{{"Conv", &Reader::read_conv},
                                                    {"Gemm", &Reader::read_gemm},
                                                    {"MatMul", &Reader::read_matmul},
                                                    {"BatchNormalization", &Reader::read_batch_norm},
                                                    {"Add", &Reader::read_add},
                                                    {"Sub", &Reader::read_affine},
                                                    {"Mul", &Reader::read_affine},
                                                    {"Div", &Reader::read_affine},
                                                    {"Relu", &Reader::read_relu},
                                                    {"MaxPool", &Reader::read_max_pool},
                                                    {"AveragePool", &Reader::read_average_pool},
                                                    {"GlobalAveragePool", &Reader::read_global_average_pool},
                                                    {"ReduceMean", &Reader::read_reduce_mean},
                                                    {"Concat", &Reader::read_concat},
                                                    {"SpaceToDepth", &Reader::read_space_to_depth},
                                                    {"Flatten", &Reader::read_flatten},
                                                    {"Reshape", &Reader::read_reshape},
                                                    {"Transpose", &Reader::read_transpose},
                                                    {"Identity", &Reader::read_alias},
                                                    {"Dropout", &Reader::read_alias},
                                                    {"Softmax", &Reader::read_softmax},
                                                    {"Constant", &Reader::read_constant},
                                                    {"Quant", &Reader::read_quant},
                                                    {"IntQuant", &Reader::read_quant},
                                                    {"BipolarQuant", &Reader::read_bipolar_quant}};
  return table;
}

Result<Graph> Reader::read() {
  graph_.name = model_.graph_name;
  for (const auto& tensor : model_.initializers)
    operands_[tensor.name] = {std::make_shared<onnxio::Tensor>(tensor), {}, 0, false};
  for (const auto& node : model_.nodes) {
    for (const auto& name : node.inputs) ++uses_[name];
  }
  declare_input();
  if (!errors_.empty()) return errors_;
  for (const auto& node : model_.nodes) {
    node_ = &node;
    read_node();
  }
  finish();
  if (!errors_.empty()) return errors_;
  if (const auto all = shapes(graph_); !all) return all.errors();
  return std::move(graph_);
}

void Reader::declare_input() {
  const auto ports = [&](std::size_t count, const char* what) {
    if (count != 1)
      errors_.push_back(
          make_diagnostic(diagnostics::kPorts, model_.graph_name, {std::to_string(count), what}));
  };
  ports(model_.inputs.size(), "inputs");
  ports(model_.outputs.size(), "outputs");
  if (!errors_.empty()) return;
  const auto& [name, type, dims] = model_.inputs[0];
  constexpr std::int64_t kMost = 1 << 16;
  const bool flat = dims.size() == 2;
  const bool known =
      (flat || dims.size() == 4) &&
      std::ranges::all_of(dims.begin() + 1, dims.end(), [](auto d) { return d >= 1 && d <= kMost; });
  if (!known) return ports(0, "inputs of known shape");
  graph_.input = {static_cast<int>(dims[1]), flat ? 1 : static_cast<int>(dims[2]),
                  flat ? 1 : static_cast<int>(dims[3])};
  if (graph_.input.elements() > (1 << 24)) return ports(0, "inputs of at most 2^24 elements");
  read_pixel();
  shapes_ = {graph_.input};
  operands_[name] = {nullptr, {}, 0, flat};
  if (!flat) return;
  // Frames have rank 4 in the normal form.
  graph_.steps.push_back({"flatten", Flatten{}, {0}});
  shapes_.push_back(graph_.input);
  operands_[name].value = 1;
}

void Reader::read_pixel() {
  constexpr float kEightBits = 1.0F / 255;
  graph_.pixel = options_.pixel.value_or(kEightBits);
  const auto property = model_.metadata.find(kPixelProperty);
  if (options_.pixel || property == model_.metadata.end()) return;
  const std::string& text = property->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), graph_.pixel);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (whole && std::isfinite(graph_.pixel) && graph_.pixel > 0) return;
  errors_.push_back(make_diagnostic(diagnostics::kPixel, property->first, {text}));
}

void Reader::read_node() {
  const auto found = handlers().find(node_->op_type);
  if (found == handlers().end()) return fail(diagnostics::kOperator, {node_->op_type});
  for (const auto& name : node_->inputs) {
    // What an earlier finding left undefined.
    if (!name.empty() && !operands_.contains(name)) return;
  }
  if (node_->outputs.empty()) return;
  (this->*found->second)();
}

void Reader::finish() {
  const auto output = operands_.find(model_.outputs[0].name);
  node_ = nullptr;
  if (output == operands_.end() || output->second.constant != nullptr) {
    if (errors_.empty())
      fail(diagnostics::kOperand, {model_.outputs[0].name, "not computed", "a value of the network"});
    return;
  }
  int value = output->second.value;
  for (;;) {
    graph_.steps.resize(static_cast<std::size_t>(value));
    remove_unused();
    if (graph_.steps.empty()) return;
    const Step last = graph_.steps.back();
    const bool flatten = std::holds_alternative<Flatten>(last.operation);
    const auto* norm = std::get_if<BatchNorm>(&last.operation);
    if (!flatten && norm == nullptr) return;
    value = last.inputs[0];
    if (norm == nullptr) continue;
    Weights* weights = value == 0 ? nullptr : graph_.steps[static_cast<std::size_t>(value - 1)].weights();
    if (weights == nullptr) return;
    fold(*norm, *weights);
  }
}

void Reader::remove_unused() {
  std::vector<bool> used(graph_.steps.size() + 1, false);
  used.back() = true;
  for (auto value = used.size() - 1; value > 0; --value) {
    if (!used[value]) continue;
    for (const int input : graph_.steps[value - 1].inputs) used[static_cast<std::size_t>(input)] = true;
  }
  std::vector<int> renumbered{0};
  std::vector<Step> kept;
  for (std::size_t i = 0; i < graph_.steps.size(); ++i) {
    Step step = graph_.steps[i];
    for (int& input : step.inputs) input = renumbered[static_cast<std::size_t>(input)];
    if (used[i + 1]) kept.push_back(std::move(step));
    renumbered.push_back(static_cast<int>(kept.size()));
  }
  graph_.steps = std::move(kept);
}

Result<Graph> read(const onnxio::Model& model, const ReadOptions& options) {
  return Reader(model, options).read();
}

}  // namespace bitmason::graph
