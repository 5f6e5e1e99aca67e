#include "import/import.hpp"

#include <algorithm>
#include <array>

#include "import/graph.hpp"
#include "import/handlers.hpp"
#include "import/output_bias.hpp"
#include "import/poison.hpp"
#include "import/ports.hpp"

namespace bitmason::import {

namespace {

constexpr std::int64_t kFirstOpset = 6;
constexpr std::int64_t kLastOpset = 19;

/// Operators that may follow a host operator.
constexpr std::array<std::string_view, 12> kHostOperators{"Softmax",  "Sigmoid", "ArgMax",  "TopK",
                                                          "Reshape",  "Flatten", "Squeeze", "Unsqueeze",
                                                          "Identity", "Dropout", "Cast",    "Transpose"};

constexpr std::array<std::string_view, 9> kFateNames{"folded", "layer", "requantise", "input",  "absorbed",
                                                     "layout", "host",  "unused",     "refused"};

/// Names that exporters give to every graph.
constexpr std::array<std::string_view, 12> kGenericNames{"graph",
                                                         "main",
                                                         "main_graph",
                                                         "model",
                                                         "net",
                                                         "network",
                                                         "onnx_graph",
                                                         "onnx-model",
                                                         "torch_jit",
                                                         "torch-jit-export",
                                                         "torch_jit_export",
                                                         "tf2onnx"};

/// True where the graph's name says nothing: empty, an exporter's own, or a hash (16 hexadecimal digits or
/// more).
bool is_generic(std::string_view name) {
  const bool hash = name.size() >= 16 && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return name.empty() || hash || std::ranges::count(kGenericNames, name) > 0;
}

std::string network_name(const onnxio::Model& model, const Options& options) {
  const bool replaced = is_generic(model.graph_name) && !options.file_stem.empty();
  const std::string name = (replaced ? options.file_stem : model.graph_name).substr(0, 200);
  return name.empty() ? "network" : name;
}

class Importer {
 public:
  Importer(const onnxio::Model& model, const Options& options, std::int64_t opset)
      : session_{.model = model,
                 .options = options,
                 .opset = opset,
                 .builder = ir::NetworkBuilder(network_name(model, options))} {}

  Result<Imported> run();

 private:
  void examine(std::size_t index);
  /// False where the node's inputs do not allow its handler to run.
  bool inputs_ready(Scope& scope);
  void store(const Scope& scope, Values values);

  Session session_;
  Diagnostics findings_;
  std::vector<NodeReport> report_;
};

bool Importer::inputs_ready(Scope& scope) {
  bool poisoned = false;
  for (std::size_t i = 0; i < scope.node.inputs.size(); ++i) {
    if (!scope.has(i)) continue;
    const auto found = session_.values.find(scope.node.inputs[i]);
    if (found == session_.values.end()) {
      scope.fail(diagnostics::kCycle, {scope.node.inputs[i]});
      session_.values[scope.node.inputs[i]] = Poison{};
      return false;
    }
    poisoned = poisoned || std::holds_alternative<Poison>(found->second);
    const auto* host = std::get_if<HostStream>(&found->second);
    if (host != nullptr && std::ranges::count(kHostOperators, scope.node.op_type) == 0) {
      scope.fail(diagnostics::kAfterTail, {ir::to_text(host->tail.back()), scope.node.inputs[i]});
      return false;
    }
  }
  if (poisoned) examine_poisoned(scope);
  return !poisoned;
}

void Importer::store(const Scope& scope, Values values) {
  const Poison poison = poison_after(scope);
  for (std::size_t i = 0; i < scope.node.outputs.size(); ++i) {
    const std::string& name = scope.node.outputs[i];
    if (name.empty()) continue;
    const bool present = !scope.failed() && i < values.size();
    session_.values[name] = present ? std::move(values[i]) : Value(poison);
  }
}

void Importer::examine(std::size_t index) {
  const onnxio::Node& node = session_.model.nodes[index];
  Scope scope(session_, node);
  const Handler handler = find_handler(node);
  Values values;
  if (handler == nullptr) {
    const std::string name = node.domain.empty() ? node.op_type : node.domain + "::" + node.op_type;
    scope.fail(diagnostics::kOperator, {name.substr(0, 200), std::string(advice_for(node))});
  } else if (inputs_ready(scope)) {
    values = handler(scope);
  }
  const bool refused = values.empty();
  report_[index].fate = refused ? Fate::Refused : scope.fate;
  report_[index].text = refused && scope.errors.empty() ? "an earlier finding prevents it" : scope.text;
  store(scope, std::move(values));
  findings_.insert(findings_.end(), scope.errors.begin(), scope.errors.end());
}

Result<Imported> Importer::run() {
  for (const onnxio::Node& node : session_.model.nodes)
    report_.push_back({label_of(node), node.op_type, Fate::Unused, ""});
  for (const onnxio::Tensor& tensor : session_.model.initializers)
    session_.values[tensor.name] = to_value(constant_from(tensor));
  declare_inputs(session_, findings_);
  const GraphOrder order = order_of(session_.model);
  for (const std::size_t index : order.order) examine(index);
  findings_.insert(findings_.end(), order.findings.begin(), order.findings.end());
  if (order.findings.empty()) declare_outputs(session_, findings_);
  if (!findings_.empty()) return findings_;
  auto network = std::move(session_.builder).build();
  if (!network) return network.errors();
  auto biased = move_output_biases(*network);
  if (!biased) return biased.errors();
  return Imported{*std::move(biased), std::move(report_)};
}

}  // namespace

std::string_view name_of(Fate fate) {
  return kFateNames[static_cast<std::size_t>(fate)];
}

Result<Imported> import_onnx(const onnxio::Model& model, const Options& options) {
  const auto standard = model.opsets.find("");
  const std::int64_t opset = standard == model.opsets.end() ? 0 : standard->second;
  if (opset < kFirstOpset || opset > kLastOpset) {
    const std::string where = model.graph_name.empty() ? "model" : model.graph_name;
    return make_diagnostic(diagnostics::kOpset, where, {opset == 0 ? "none" : std::to_string(opset)});
  }
  if (auto wrong = check_options(options); !wrong.empty()) return wrong;
  return Importer(model, options, opset).run();
}

}  // namespace bitmason::import
