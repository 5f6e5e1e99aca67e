#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "ir/network.hpp"

/// Reading and writing of the network text, shared by the text_*.cpp files only.
namespace bitmason::ir::text {

using Json = nlohmann::ordered_json;

/// A value of the text with its path. The first thing that does not fit is remembered for all nodes of one
/// text and every later read yields a default, so readers need no error paths of their own.
class Node {
 public:
  Node(const Json& value, std::string path, std::optional<std::string>& failure)
      : value_(&value), path_(std::move(path)), failure_(&failure) {}

  [[nodiscard]] Node operator[](const char* key) const;
  [[nodiscard]] Node operator[](std::size_t index) const;
  [[nodiscard]] bool has(const char* key) const { return value_->is_object() && value_->contains(key); }
  /// Number of elements; 0 and a failure where it is no array.
  [[nodiscard]] std::size_t size() const;

  [[nodiscard]] std::int64_t integer(std::int64_t lo = std::numeric_limits<std::int64_t>::min(),
                                     std::int64_t hi = std::numeric_limits<std::int64_t>::max()) const;
  [[nodiscard]] int small() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::string string() const;
  [[nodiscard]] Rational rational() const;
  [[nodiscard]] IntRange range() const;
  /// Position of the string among the names.
  [[nodiscard]] std::size_t choice(std::initializer_list<std::string_view> names) const;

  template <class Read>
  [[nodiscard]] auto list(Read read) const {
    std::vector<decltype(read(*this))> result;
    for (std::size_t i = 0; i < size(); ++i) result.push_back(read((*this)[i]));
    return result;
  }
  [[nodiscard]] std::vector<std::int64_t> integers() const {
    return list([](const Node& node) { return node.integer(); });
  }
  [[nodiscard]] std::vector<Rational> rationals() const {
    return list([](const Node& node) { return node.rational(); });
  }

  /// Declares this value malformed.
  void fail() const;
  void require(bool condition) const {
    if (!condition) fail();
  }

 private:
  const Json* value_;
  std::string path_;
  std::optional<std::string>* failure_;
};

Json to_json(const IntRange& range);
Json to_json(const std::vector<Rational>& values);

/// Kind and parameters of an operation, merged into a layer's object.
void write_operation(const Operation& operation, Json& layer);
Operation read_operation(const Node& layer);

Json write_port(const InputPort& port);
Json write_port(const OutputPort& port);
/// `shape` is the frame the port stands for; layouts and functions are checked against it.
InputPort read_input_port(const Node& node, const Shape& shape);
OutputPort read_output_port(const Node& node, const Shape& shape);

}  // namespace bitmason::ir::text
