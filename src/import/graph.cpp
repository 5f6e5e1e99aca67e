#include "import/graph.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "import/diagnostics.hpp"
#include "import/scope.hpp"

namespace bitmason::import {

namespace {

using Producers = std::map<std::string, std::size_t>;

Producers producers_of(const onnxio::Model& model) {
  Producers producers;
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    for (const std::string& output : model.nodes[i].outputs) {
      if (!output.empty()) producers.emplace(output, i);
    }
  }
  return producers;
}

std::vector<bool> live_nodes(const onnxio::Model& model, const Producers& producers) {
  std::vector<bool> live(model.nodes.size(), false);
  std::vector<std::size_t> stack;
  const auto visit = [&](const std::string& value) {
    const auto found = producers.find(value);
    if (found == producers.end() || live[found->second]) return;
    live[found->second] = true;
    stack.push_back(found->second);
  };
  for (const auto& output : model.outputs) visit(output.name);
  while (!stack.empty()) {
    const std::size_t node = stack.back();
    stack.pop_back();
    for (const std::string& input : model.nodes[node].inputs) visit(input);
  }
  return live;
}

constexpr std::array<std::string_view, 16> kElementwise{"Quant",
                                                        "IntQuant",
                                                        "BipolarQuant",
                                                        "MultiThreshold",
                                                        "QuantizeLinear",
                                                        "DequantizeLinear",
                                                        "Mul",
                                                        "Add",
                                                        "Sub",
                                                        "Div",
                                                        "Neg",
                                                        "Relu",
                                                        "Clip",
                                                        "Cast",
                                                        "Identity",
                                                        "Dropout"};

}  // namespace

GraphOrder order_of(const onnxio::Model& model) {
  const Producers producers = producers_of(model);
  GraphOrder result{.order = {}, .live = live_nodes(model, producers), .findings = {}};
  std::vector<std::vector<std::size_t>> users(model.nodes.size());
  std::vector<std::size_t> waiting(model.nodes.size(), 0);
  std::set<std::size_t> ready;
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    if (!result.live[i]) continue;
    for (const std::string& input : model.nodes[i].inputs) {
      const auto found = producers.find(input);
      if (found == producers.end()) continue;
      users[found->second].push_back(i);
      ++waiting[i];
    }
    if (waiting[i] == 0) ready.insert(i);
  }
  std::vector<bool> done(model.nodes.size(), false);
  while (!ready.empty()) {
    const std::size_t node = *ready.begin();
    ready.erase(ready.begin());
    done[node] = true;
    result.order.push_back(node);
    for (const std::size_t user : users[node]) {
      if (--waiting[user] == 0) ready.insert(user);
    }
  }
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    if (done[i] || !result.live[i]) continue;
    for (const std::string& input : model.nodes[i].inputs) {
      const auto found = producers.find(input);
      if (found == producers.end() || done[found->second]) continue;
      result.findings.push_back(make_diagnostic(diagnostics::kCycle, label_of(model.nodes[i]), {input}));
      break;
    }
  }
  return result;
}

bool is_channel_last(const onnxio::Model& model, const std::string& name, std::size_t rank) {
  std::string value = name;
  for (std::size_t hop = 0; hop <= model.nodes.size(); ++hop) {
    const auto user = std::ranges::find_if(model.nodes, [&](const onnxio::Node& node) {
      return node.op_type != "Shape" && std::ranges::count(node.inputs, value) > 0;
    });
    if (user == model.nodes.end() || user->outputs.empty()) return false;
    if (user->op_type == "MatMul") return rank > 2 && user->inputs[0] == value;
    if (user->op_type == "Transpose") {
      const auto found = user->attributes.find("perm");
      const auto* perm =
          found == user->attributes.end() ? nullptr : std::get_if<std::vector<std::int64_t>>(&found->second);
      if (perm == nullptr) return false;
      return *perm ==
             (rank == 4 ? std::vector<std::int64_t>{0, 3, 1, 2} : std::vector<std::int64_t>{0, 2, 1});
    }
    if (std::ranges::count(kElementwise, user->op_type) == 0) return false;
    value = user->outputs[0];
  }
  return false;
}

}  // namespace bitmason::import
