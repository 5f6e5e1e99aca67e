#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "ir/scalar_function.hpp"
#include "sim/diagnostics.hpp"
#include "sim/engine.hpp"
#include "sim/half_line.hpp"
#include "sim/quantise.hpp"
#include "sim/value_boundaries.hpp"

namespace bitmason::sim {

namespace {

/// What a value became: a code, or the exact real that is none.
struct Quantised {
  std::int64_t code = 0;
  std::optional<Rational> fault;
};

std::string value_text(const NpyArray& values, std::size_t index) {
  return values.is_integer() ? std::to_string(values.integers[index])
                             : fmt::format("{}", values.reals[index]);
}

/// Number of frames where the array's shape is the file's but for the batch.
std::optional<std::size_t> frames_of(const std::vector<std::int64_t>& shape,
                                     const std::vector<std::int64_t>& file) {
  const bool rest_equal = shape.size() == file.size() && !shape.empty() &&
                          std::equal(shape.begin() + 1, shape.end(), file.begin() + 1);
  if (rest_equal) return static_cast<std::size_t>(shape.front());
  const bool single =
      shape.size() + 1 == file.size() && std::equal(shape.begin(), shape.end(), file.begin() + 1);
  return single ? std::optional<std::size_t>(1) : std::nullopt;
}

Diagnostic fault_of(const std::string& port, std::int64_t element, const std::string& value,
                    const Rational& code, const IntRange& codes) {
  const std::string place = std::to_string(element);
  if (!code.is_integer()) {
    return make_diagnostic(diagnostics::kInputFraction, port, {place, value, code.to_string()});
  }
  return make_diagnostic(
      diagnostics::kInputRange, port,
      {place, value, code.to_string(), std::to_string(codes.lo), std::to_string(codes.hi)});
}

std::vector<std::int64_t> file_shape_of(const ir::InputPort& port, const ir::Shape& shape) {
  if (!port.layout.file_shape.empty()) return port.layout.file_shape;
  return {1, shape.channels, shape.height, shape.width};
}

}  // namespace

/// Exact and quick: evaluates each distinct value once, or compares with exact boundaries where a floating
/// array is large.
struct InputQuantiser::Impl {
  Impl(const ir::Network& network, const ir::InputPort& input)
      : port(input),
        type(network.type({input.layer})),
        file_shape(file_shape_of(input, type.shape)),
        rows(ir::rows(input.quantise)),
        memo(static_cast<std::size_t>(rows)) {
    const ir::ScalarFunction unlimited = without_clamps(port.quantise);
    for (int row = 0; row < rows; ++row) limits.emplace_back(unlimited, type.range, row);
  }

  void prepare(const NpyArray& values) {
    if (values.is_integer() != integers) std::ranges::for_each(memo, [](auto& map) { map.clear(); });
    integers = values.is_integer();
    constexpr std::int64_t kMostLevels = 4096;
    const bool many = values.size() > 64 * static_cast<std::size_t>(rows);
    if (integers || !many || !boundaries.empty() || type.range.span() >= kMostLevels ||
        !yields_integers(port.quantise))
      return;
    for (int row = 0; row < rows; ++row) boundaries.emplace_back(port.quantise, type.range, row);
  }

  /// Element `index` of the array.
  Quantised code(const NpyArray& values, std::size_t index, std::size_t row) {
    if (!integers && !boundaries.empty()) {
      const std::int64_t found = boundaries[row].code(values.reals[index]);
      if (type.range.contains(found)) return {found, {}};
      return evaluate(values, index, row);
    }
    const std::uint64_t key = integers ? static_cast<std::uint64_t>(values.integers[index])
                                       : std::bit_cast<std::uint64_t>(values.reals[index]);
    if (const auto found = memo[row].find(key); found != memo[row].end()) return {found->second, {}};
    Quantised result = evaluate(values, index, row);
    constexpr std::size_t kMostRemembered = 1 << 16;
    if (!result.fault && memo[row].size() < kMostRemembered) memo[row].emplace(key, result.code);
    return result;
  }

  [[nodiscard]] Quantised evaluate(const NpyArray& values, std::size_t index, std::size_t row) const {
    const Rational value =
        integers ? Rational(values.integers[index]) : Rational::from_double(values.reals[index]);
    Rational result = ir::apply(port.quantise, value, static_cast<int>(row));
    const auto integer = result.to_int64();
    if (integer && type.range.contains(*integer)) return {*integer, {}};
    return {0, std::move(result)};
  }

  /// Integers beyond 2^53 are counted as their nearest double.
  void count(double value, std::int64_t found, std::size_t row) {
    use.codes = use.values == 0 ? IntRange{found, found}
                                : IntRange{std::min(use.codes.lo, found), std::max(use.codes.hi, found)};
    ++use.values;
    if (!limits[row].hold(value)) ++use.clamped;
  }

  const ir::InputPort& port;
  const ir::TensorType& type;
  std::vector<std::int64_t> file_shape;
  int rows;
  bool integers = false;  ///< type of the values remembered
  std::vector<std::unordered_map<std::uint64_t, std::int64_t>> memo;
  std::vector<DoubleThresholds> boundaries;
  std::vector<Limits> limits;
  InputUse use;
};

InputQuantiser::InputQuantiser(const ir::Network& network, const ir::InputPort& port)
    : impl_(std::make_unique<Impl>(network, port)) {}
InputQuantiser::~InputQuantiser() = default;
InputQuantiser::InputQuantiser(InputQuantiser&&) noexcept = default;
InputQuantiser& InputQuantiser::operator=(InputQuantiser&&) noexcept = default;

const InputUse& InputQuantiser::use() const {
  return impl_->use;
}

Result<std::size_t> InputQuantiser::frames(const std::vector<std::int64_t>& shape) const {
  if (const auto count = frames_of(shape, impl_->file_shape)) return *count;
  return make_diagnostic(
      diagnostics::kInputShape, impl_->port.name,
      {fmt::format("({})", fmt::join(shape, ", ")), fmt::format("({})", fmt::join(impl_->file_shape, ", "))});
}

Result<std::vector<Codes>> InputQuantiser::operator()(const NpyArray& values) {
  const auto count = frames(values.shape);
  if (!count) return count.errors();
  Impl& impl = *impl_;
  impl.prepare(values);
  const ir::Shape& shape = impl.type.shape;
  const auto size = static_cast<std::size_t>(shape.elements());
  const auto plane = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  const auto& map = impl.port.layout.map;
  std::vector<Codes> result(*count, Codes(size));
  for (std::size_t index = 0, frame = 0; frame < *count; ++frame) {
    for (std::size_t within = 0; within < size; ++within, ++index) {
      if (!values.is_integer() && !std::isfinite(values.reals[index])) {
        return make_diagnostic(diagnostics::kInputNotFinite, impl.port.name,
                               {std::to_string(impl.use.values), value_text(values, index)});
      }
      const std::size_t place = map.empty() ? within : static_cast<std::size_t>(map[within]);
      const std::size_t row = impl.rows > 1 ? place / plane : 0;
      const Quantised code = impl.code(values, index, row);
      if (code.fault) {
        return fault_of(impl.port.name, impl.use.values, value_text(values, index), *code.fault,
                        impl.type.range);
      }
      impl.count(values.real(index), code.code, row);
      result[frame][place] = code.code;
    }
  }
  return result;
}

Result<std::vector<Codes>> quantise_input(const ir::Network& network, const ir::InputPort& port,
                                          const NpyArray& values) {
  return InputQuantiser(network, port)(values);
}

}  // namespace bitmason::sim
