#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "import/diagnostics.hpp"
#include "import/import.hpp"
#include "import/value.hpp"

namespace bitmason::import {

/// A graph input and what has become of it.
struct InputState {
  onnxio::ValueInfo info;
  ir::Shape frame;
  Layout layout;
  ir::TensorId layer;     ///< index -1 until a quantiser or an option makes it a layer
  std::string quantiser;  ///< node that did
  std::string signature;  ///< of its function and range
};

/// State shared by the nodes of one import.
struct Session {
  const onnxio::Model& model;
  const Options& options;
  std::int64_t opset = 0;
  ir::NetworkBuilder builder;
  std::vector<InputState> inputs;
  std::map<std::string, Value> values;
  std::map<std::string, ir::TensorId> emitted;  ///< signature of a requantisation -> its layer

  [[nodiscard]] const ir::TensorType& type(ir::TensorId id) const { return builder.type(id); }
};

using Values = std::vector<Value>;

/// One node under examination: its inputs and attributes, and the findings about it.
///
/// Accessors report what is wrong and return a harmless value, so that a handler reads straight and asks
/// failed() once before it relies on them.
class Scope {
 public:
  Scope(Session& session, const onnxio::Node& node);

  Session& session;
  const onnxio::Node& node;
  const std::string label;
  Fate fate = Fate::Layer;
  std::string text;
  Diagnostics errors;

  [[nodiscard]] bool failed() const { return !errors.empty(); }
  /// Records a finding; returns no values.
  Values fail(const DiagnosticKind& kind, std::initializer_list<std::string> arguments = {});
  /// Sets what became of the node and returns its one value.
  Values done(Value value, Fate became, std::string phrase = {});

  [[nodiscard]] bool has(std::size_t index) const {
    return index < node.inputs.size() && !node.inputs[index].empty();
  }
  /// Precondition: has(index).
  [[nodiscard]] const Value& value(std::size_t index) const;
  /// The constant, or null where the input is absent or a stream.
  [[nodiscard]] const Constant* constant(std::size_t index) const;
  [[nodiscard]] const Stream* stream(std::size_t index) const;
  /// The same; anything but a finite constant is a finding that names the input.
  const Constant* need_constant(std::size_t index, std::string_view name);
  /// A constant of one integer, or nothing (and a finding).
  std::optional<std::int64_t> need_integer(std::size_t index, std::string_view name);
  std::vector<std::int64_t> need_integers(std::size_t index, std::string_view name);
  /// A finding where fewer inputs than `count` are connected.
  bool need_inputs(std::size_t count);

  [[nodiscard]] bool has_attribute(const std::string& name) const { return node.attributes.contains(name); }
  std::int64_t integer(const std::string& name, std::int64_t otherwise);
  double real(const std::string& name, double otherwise);
  std::string string(const std::string& name, const std::string& otherwise);
  std::vector<std::int64_t> integers(const std::string& name, std::vector<std::int64_t> otherwise);

  /// Axis in [0, rank), counted from the end where negative; a finding where it is outside.
  std::size_t axis(std::int64_t value, std::size_t rank);
  /// Axes from the attribute (before opset 13) or input 1; nothing where neither is given.
  std::optional<std::vector<std::int64_t>> axes();

  /// Adds a layer named after the node; nothing (and findings) where it is refused.
  std::optional<ir::TensorId> add(ir::Operation operation, std::vector<ir::TensorId> inputs,
                                  const std::string& name = {});

 private:
  template <class T>
  const T* attribute(const std::string& name, std::string_view needed);
};

/// Range of an integer type by name, "int8" or "uint4"; nothing for other names.
std::optional<IntRange> range_of_type(std::string_view type);

std::string label_of(const onnxio::Node& node);

}  // namespace bitmason::import
