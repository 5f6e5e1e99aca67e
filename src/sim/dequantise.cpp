#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "ir/scalar_function.hpp"
#include "sim/engine.hpp"
#include "sim/half_line.hpp"
#include "sim/host_tail.hpp"

namespace bitmason::sim {

namespace {

__extension__ typedef __int128 Wide;

/// numerator * code + constant over a denominator, all small enough that one division of doubles rounds
/// once: the nearest double.
struct SmallAffine {
  std::int64_t numerator = 1;
  std::int64_t constant = 0;
  std::int64_t denominator = 1;

  [[nodiscard]] double at(std::int64_t code) const {
    return static_cast<double>(numerator * code + constant) / static_cast<double>(denominator);
  }
};

/// The function as a SmallAffine for every code of the range, where it is one.
std::optional<SmallAffine> small_affine(const ir::ScalarFunction& function, const IntRange& codes,
                                        int channel) {
  for (const ir::ScalarStep& step : function) {
    if (!std::holds_alternative<ir::AffineStep>(step)) return std::nullopt;
  }
  constexpr Wide kExact = Wide{1} << 53;
  const Rational offset = ir::apply(function, Rational(0), channel);
  const Rational scale = ir::apply(function, Rational(1), channel) - offset;
  // Both are multiples of their greatest common divisor with 1, so its inverse is the common denominator.
  const Rational unit = Rational::gcd(Rational::gcd(scale, offset), Rational(1));
  const auto numerator = (scale / unit).to_int64();
  const auto constant = (offset / unit).to_int64();
  const auto denominator = (Rational(1) / unit).to_int64();
  if (!numerator || !constant || !denominator || *denominator > kExact) return std::nullopt;
  for (const std::int64_t code : {codes.lo, codes.hi}) {
    const Wide value = Wide{*numerator} * code + *constant;
    const Wide product = Wide{*numerator} * code;
    if (std::max(value, -value) > kExact ||
        std::max(product, -product) > std::numeric_limits<std::int64_t>::max())
      return std::nullopt;
  }
  return SmallAffine{*numerator, *constant, *denominator};
}

/// Code -> nearest double of its exact real value.
class Dequantiser {
 public:
  Dequantiser(const ir::OutputPort& port, const IntRange& codes)
      : function_(port.dequantise), rows_(ir::rows(port.dequantise)), memo_(static_cast<std::size_t>(rows_)) {
    for (int row = 0; row < rows_; ++row) affine_.push_back(small_affine(function_, codes, row));
  }

  double operator()(std::int64_t code, int channel) {
    const int row = rows_ == 1 ? 0 : channel;
    const auto& affine = affine_[static_cast<std::size_t>(row)];
    if (affine) return affine->at(code);
    auto& memo = memo_[static_cast<std::size_t>(row)];
    if (const auto found = memo.find(code); found != memo.end()) return found->second;
    const double value = ir::apply(function_, Rational(code), row).to_double();
    constexpr std::size_t kMostRemembered = 1 << 16;
    if (memo.size() < kMostRemembered) memo.emplace(code, value);
    return value;
  }

 private:
  const ir::ScalarFunction& function_;
  int rows_;
  std::vector<std::optional<SmallAffine>> affine_;
  std::vector<std::unordered_map<std::int64_t, double>> memo_;
};

/// True where codes become integers: every step keeps integers.
bool keeps_integers(const ir::ScalarFunction& function) {
  ir::ScalarFunction rounded{ir::RoundStep{}};
  rounded.insert(rounded.end(), function.begin(), function.end());
  return yields_integers(rounded);
}

/// True where every code of the range becomes an integer of 64 bits: the functions are monotone, so the ends
/// decide. The type of the output thus depends on the network alone, not on the frames.
bool yields_int64(const ir::OutputPort& port, const IntRange& codes) {
  if (!port.tail.empty() || !keeps_integers(port.dequantise)) return false;
  for (int row = 0; row < ir::rows(port.dequantise); ++row) {
    for (const std::int64_t code : {codes.lo, codes.hi}) {
      if (!ir::apply(port.dequantise, Rational(code), row).to_int64()) return false;
    }
  }
  return true;
}

/// Appends one frame in the file's order.
void append_integers(const ir::OutputPort& port, const ir::Shape& shape, const Codes& codes,
                     std::vector<std::int64_t>& into) {
  const auto plane = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::size_t place = port.layout.map.empty() ? i : static_cast<std::size_t>(port.layout.map[i]);
    if (port.dequantise.empty()) {
      into.push_back(codes[place]);
      continue;
    }
    const auto value =
        ir::apply(port.dequantise, Rational(codes[place]), static_cast<int>(place / plane)).to_int64();
    assert(value && "decided by the ends of the range");
    into.push_back(*value);
  }
}

NpyArray integer_output(const ir::OutputPort& port, const ir::Shape& shape, std::vector<std::int64_t> file,
                        std::span<const Codes> frames) {
  file.front() = static_cast<std::int64_t>(frames.size());
  NpyArray array{std::move(file), NpyType::Int64, {}, {}};
  for (const Codes& codes : frames) append_integers(port, shape, codes, array.integers);
  return array;
}

}  // namespace

NpyArray dequantise_output(const ir::Network& network, const ir::OutputPort& port,
                           std::span<const Codes> frames) {
  const ir::TensorType& type = network.type({port.layer});
  const ir::Shape& shape = type.shape;
  std::vector<std::int64_t> file = port.layout.file_shape;
  if (file.empty()) file = {1, shape.channels, shape.height, shape.width};
  if (yields_int64(port, type.range)) return integer_output(port, shape, std::move(file), frames);
  const auto plane = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  Dequantiser dequantise(port, type.range);
  const bool indices = ends_in_indices(port.tail);
  NpyArray array{
      port.tail.empty() ? file : port.tail_shape, indices ? NpyType::Int64 : NpyType::Float32, {}, {}};
  array.shape.front() = static_cast<std::int64_t>(frames.size());
  for (const Codes& codes : frames) {
    HostTensor tensor{file, {}};
    tensor.values.reserve(codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const std::size_t place = port.layout.map.empty() ? i : static_cast<std::size_t>(port.layout.map[i]);
      tensor.values.push_back(dequantise(codes[place], static_cast<int>(place / plane)));
    }
    for (const ir::HostTail& tail : port.tail) tensor = apply_tail(tail, std::move(tensor));
    for (const double value : tensor.values) {
      if (indices) {
        array.integers.push_back(static_cast<std::int64_t>(value));
      } else {
        array.reals.push_back(value);
      }
    }
  }
  return array;
}

}  // namespace bitmason::sim
