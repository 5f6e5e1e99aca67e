#include "support/exact_interpreter.hpp"

#include <numeric>

#include "support/exact_operators.hpp"

namespace bitmason::test {

const Exact& Operands::operator[](std::size_t i) const {
  if (!has(i)) throw std::runtime_error(node.name + ": input " + std::to_string(i) + " is missing");
  return *inputs[i];
}

std::int64_t Operands::integer(const std::string& name, std::int64_t fallback) const {
  const auto found = node.attributes.find(name);
  return found == node.attributes.end() ? fallback : std::get<std::int64_t>(found->second);
}

double Operands::real(const std::string& name, double fallback) const {
  const auto found = node.attributes.find(name);
  return found == node.attributes.end() ? fallback : std::get<double>(found->second);
}

std::string Operands::text(const std::string& name, const std::string& fallback) const {
  const auto found = node.attributes.find(name);
  return found == node.attributes.end() ? fallback : std::get<std::string>(found->second);
}

std::vector<std::int64_t> Operands::integers(const std::string& name,
                                             std::vector<std::int64_t> fallback) const {
  const auto found = node.attributes.find(name);
  return found == node.attributes.end() ? fallback : std::get<std::vector<std::int64_t>>(found->second);
}

std::int64_t element_count(const std::vector<std::int64_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::vector<std::int64_t> strides_of(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t d = shape.size(); d-- > 1;) strides[d - 1] = strides[d] * shape[d];
  return strides;
}

std::int64_t to_integer(const Rational& value) {
  const auto integer = value.to_int64();
  if (!integer) throw std::runtime_error(value.to_string() + " is not an integer");
  return *integer;
}

std::vector<std::int64_t> to_integers(const Exact& tensor) {
  std::vector<std::int64_t> result;
  for (const Rational& value : tensor.values) result.push_back(to_integer(value));
  return result;
}

Exact from_tensor(const onnxio::Tensor& tensor) {
  Exact result{tensor.shape, {}};
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    result.values.push_back(tensor.is_integer() ? Rational(tensor.integers[i])
                                                : Rational::from_double(tensor.reals[i]));
  }
  return result;
}

Exact map(const Exact& a, const std::function<Rational(const Rational&)>& f) {
  Exact result{a.shape, {}};
  for (const Rational& value : a.values) result.values.push_back(f(value));
  return result;
}

Exact gathered(const Exact& a, std::vector<std::int64_t> shape,
               const std::function<std::int64_t(const std::vector<std::int64_t>&)>& index) {
  Exact result{std::move(shape), {}};
  std::vector<std::int64_t> position(result.shape.size(), 0);
  const std::int64_t count = element_count(result.shape);
  for (std::int64_t i = 0; i < count; ++i) {
    result.values.push_back(a.values.at(static_cast<std::size_t>(index(position))));
    for (std::size_t d = position.size(); d-- > 0;) {
      if (++position[d] < result.shape[d]) break;
      position[d] = 0;
    }
  }
  return result;
}

Exact broadcast(const Exact& a, const Exact& b,
                const std::function<Rational(const Rational&, const Rational&)>& f) {
  const std::size_t rank = std::max(a.shape.size(), b.shape.size());
  const auto extent = [&](const Exact& x, std::size_t d) {
    const std::size_t missing = rank - x.shape.size();
    return d < missing ? 1 : x.shape[d - missing];
  };
  std::vector<std::int64_t> shape(rank);
  for (std::size_t d = 0; d < rank; ++d) {
    const auto p = extent(a, d);
    const auto q = extent(b, d);
    if (p != q && p != 1 && q != 1) throw std::runtime_error("shapes do not broadcast");
    shape[d] = p == 1 ? q : p;
  }
  const auto whole = [&](const Exact& x) {
    const auto strides = strides_of(x.shape);
    return gathered(x, shape, [&, missing = rank - x.shape.size()](const auto& position) {
      std::int64_t index = 0;
      for (std::size_t d = 0; d < x.shape.size(); ++d) {
        if (x.shape[d] != 1) index += strides[d] * position[d + missing];
      }
      return index;
    });
  };
  Exact left = whole(a);
  const Exact right = whole(b);
  for (std::size_t i = 0; i < left.values.size(); ++i) left.values[i] = f(left.values[i], right.values[i]);
  return left;
}

ExactValues interpret(const onnxio::Model& model, const ExactValues& inputs) {
  std::map<std::string, Operator> operators = arithmetic_operators();
  operators.merge(window_operators());
  operators.merge(shape_operators());
  operators.merge(quantiser_operators());
  ExactValues values = inputs;
  for (const onnxio::Tensor& tensor : model.initializers) values[tensor.name] = from_tensor(tensor);
  const auto opset = model.opsets.find("");
  for (const onnxio::Node& node : model.nodes) {
    const auto known = operators.find(node.op_type);
    if (known == operators.end()) throw std::runtime_error(node.op_type + " is unknown to the interpreter");
    Operands operands{node, {}, opset == model.opsets.end() ? 13 : opset->second};
    for (const std::string& input : node.inputs) {
      operands.inputs.push_back(input.empty() ? nullptr : &values.at(input));
    }
    Exact result = known->second(operands);
    values[node.outputs.front()] = std::move(result);
  }
  return values;
}

}  // namespace bitmason::test
