#pragma once

#include <functional>
#include <stdexcept>
#include <vector>

#include "support/exact_interpreter.hpp"

namespace bitmason::test {

/// What an operator's definition needs: its node, its inputs (absent optional ones are null) and the opset
/// version.
struct Operands {
  const onnxio::Node& node;
  std::vector<const Exact*> inputs;
  std::int64_t opset = 0;

  [[nodiscard]] const Exact& operator[](std::size_t i) const;
  [[nodiscard]] bool has(std::size_t i) const { return i < inputs.size() && inputs[i] != nullptr; }
  [[nodiscard]] std::int64_t integer(const std::string& name, std::int64_t fallback) const;
  [[nodiscard]] double real(const std::string& name, double fallback) const;
  [[nodiscard]] std::string text(const std::string& name, const std::string& fallback) const;
  [[nodiscard]] std::vector<std::int64_t> integers(const std::string& name,
                                                   std::vector<std::int64_t> fallback) const;
};

std::int64_t element_count(const std::vector<std::int64_t>& shape);
/// Row-major strides.
std::vector<std::int64_t> strides_of(const std::vector<std::int64_t>& shape);
std::int64_t to_integer(const Rational& value);
std::vector<std::int64_t> to_integers(const Exact& tensor);
Exact from_tensor(const onnxio::Tensor& tensor);
/// Elementwise with numpy's broadcasting.
Exact broadcast(const Exact& a, const Exact& b,
                const std::function<Rational(const Rational&, const Rational&)>& f);
Exact map(const Exact& a, const std::function<Rational(const Rational&)>& f);
/// Output element i is input element index(i).
Exact gathered(const Exact& a, std::vector<std::int64_t> shape,
               const std::function<std::int64_t(const std::vector<std::int64_t>&)>& index);

using Operator = std::function<Exact(const Operands&)>;
/// Operators by name, in three groups.
std::map<std::string, Operator> arithmetic_operators();
std::map<std::string, Operator> window_operators();
std::map<std::string, Operator> shape_operators();
std::map<std::string, Operator> quantiser_operators();

}  // namespace bitmason::test
