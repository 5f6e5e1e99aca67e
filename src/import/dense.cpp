#include "import/handlers.hpp"
#include "import/linear.hpp"

namespace bitmason::import {

namespace {

/// A matrix of constants, (inputs, outputs) however the file stores it.
struct Matrix {
  const Constant& constant;
  std::int64_t inputs = 1;
  std::int64_t outputs = 1;
  bool output_major = false;

  [[nodiscard]] std::int64_t element(std::int64_t k, std::int64_t o) const {
    return output_major ? o * inputs + k : k * outputs + o;
  }
};

std::optional<Matrix> matrix_of(Scope& scope, const Constant& constant, bool output_major) {
  const auto& s = constant.shape;
  std::size_t leading = 1;
  for (std::size_t d = 0; d + 2 < s.size(); ++d) leading *= static_cast<std::size_t>(s[d]);
  if (s.size() < 2 || leading != 1 || constant.size() == 0) {
    scope.fail(diagnostics::kConstant, {"matrix", shape_text(s), "a matrix"});
    return std::nullopt;
  }
  const std::int64_t rows = s[s.size() - 2];
  const std::int64_t columns = s.back();
  return Matrix{constant, output_major ? columns : rows, output_major ? rows : columns, output_major};
}

/// Every element of the file feeds every output: the kernel covers the frame, weights reordered.
bool cover_frame(Scope& scope, Stream& stream, const Matrix& matrix) {
  const ir::Shape frame = stream.frame;
  std::vector<std::int64_t> position(static_cast<std::size_t>(matrix.inputs));
  for (std::size_t k = 0; k < position.size(); ++k)
    position[stream.layout.at(k)] = static_cast<std::int64_t>(k);
  std::vector<std::int64_t> element;
  element.reserve(matrix.constant.size());
  for (std::int64_t o = 0; o < matrix.outputs; ++o) {
    for (const std::int64_t k : position) element.push_back(matrix.element(k, o));
  }
  const LinearLayer layer{.weights = matrix.constant,
                          .element = std::move(element),
                          .out_channels = static_cast<int>(matrix.outputs),
                          .in_channels = frame.channels,
                          .window = {.kernel_h = frame.height, .kernel_w = frame.width}};
  if (!emit_linear(scope, stream, layer)) return false;
  stream.layout.dims.back() = matrix.outputs;
  stream.layout.map.clear();
  return true;
}

/// Pixel of each row of a (rows, channels) layout; nothing where the last dimension is not the channels.
std::optional<std::vector<std::int32_t>> rows_as_pixels(const Stream& stream) {
  const auto channels = static_cast<std::size_t>(stream.frame.channels);
  const auto pixels =
      static_cast<std::size_t>(stream.frame.height) * static_cast<std::size_t>(stream.frame.width);
  if (stream.layout.dims.back() != stream.frame.channels) return std::nullopt;
  std::vector<std::int32_t> result;
  for (std::size_t r = 0; r < pixels; ++r) {
    const std::size_t pixel = stream.layout.at(r * channels) % pixels;
    for (std::size_t c = 0; c < channels; ++c) {
      if (stream.layout.at(r * channels + c) != c * pixels + pixel) return std::nullopt;
    }
    result.push_back(static_cast<std::int32_t>(pixel));
  }
  return result;
}

/// The matrix applies to the channels of every pixel.
bool each_pixel(Scope& scope, Stream& stream, const Matrix& matrix) {
  const auto pixel_of_row = rows_as_pixels(stream);
  if (!pixel_of_row) {
    scope.fail(diagnostics::kLayout,
               {shape_text(stream.layout.dims) + " over frame " + to_text(stream.frame)});
    return false;
  }
  std::vector<std::int64_t> element;
  for (std::int64_t o = 0; o < matrix.outputs; ++o) {
    for (std::int64_t k = 0; k < matrix.inputs; ++k) element.push_back(matrix.element(k, o));
  }
  const LinearLayer layer{.weights = matrix.constant,
                          .element = std::move(element),
                          .out_channels = static_cast<int>(matrix.outputs),
                          .in_channels = stream.frame.channels,
                          .window = {}};
  if (!emit_linear(scope, stream, layer)) return false;
  stream.layout.dims.back() = matrix.outputs;
  stream.layout.map.clear();
  const auto pixels = static_cast<std::int32_t>(pixel_of_row->size());
  for (const std::int32_t pixel : *pixel_of_row) {
    for (std::int32_t o = 0; o < matrix.outputs; ++o) stream.layout.map.push_back(o * pixels + pixel);
  }
  return true;
}

/// stream (..., K) times matrix (K, N).
bool multiply(Scope& scope, Stream& stream, const Matrix& matrix) {
  if (!refuse_padding(scope, stream)) return false;
  const auto& dims = stream.layout.dims;
  if (dims.empty() || dims.back() != matrix.inputs || matrix.outputs > (1 << 24)) {
    scope.fail(diagnostics::kShape, {shape_text(dims), "the matrix " + shape_text(matrix.constant.shape)});
    return false;
  }
  if (stream.frame.elements() == matrix.inputs) return cover_frame(scope, stream, matrix);
  return each_pixel(scope, stream, matrix);
}

bool swap_last_two(Scope& scope, Stream& stream) {
  const std::size_t rank = stream.layout.dims.size();
  if (rank < 2) {
    scope.fail(diagnostics::kShape, {shape_text(stream.layout.dims), "a matrix product"});
    return false;
  }
  std::vector<std::int64_t> perm;
  for (std::size_t d = 0; d < rank; ++d) perm.push_back(static_cast<std::int64_t>(d));
  std::swap(perm[rank - 1], perm[rank - 2]);
  stream.layout = transposed(stream.layout, perm);
  return true;
}

/// Product of input 0 and 1, one of them constant; `transposed_a` and `_b` as Gemm defines them.
std::optional<Stream> product_of(Scope& scope, bool transposed_a, bool transposed_b) {
  const bool left_constant = scope.constant(0) != nullptr;
  if (left_constant == (scope.constant(1) != nullptr)) {
    if (left_constant) {
      scope.fail(diagnostics::kOperator,
                 {scope.node.op_type + " of two constants", "fold the constants before export"});
    } else {
      scope.fail(diagnostics::kTwoStreams, {scope.node.op_type});
    }
    return std::nullopt;
  }
  const std::size_t side = left_constant ? 0 : 1;
  const Constant* constant = scope.need_constant(side, left_constant ? "A" : "B");
  if (constant == nullptr) return std::nullopt;
  Stream stream = *scope.stream(1 - side);
  const auto matrix = matrix_of(scope, *constant, left_constant ? !transposed_a : transposed_b);
  if (!matrix) return std::nullopt;
  // A constant on the left multiplies the columns: transpose, multiply from the right, transpose back.
  if (left_constant != (left_constant ? transposed_b : transposed_a) && !swap_last_two(scope, stream))
    return std::nullopt;
  if (!multiply(scope, stream, *matrix)) return std::nullopt;
  if (left_constant && !swap_last_two(scope, stream)) return std::nullopt;
  return stream;
}

}  // namespace

Values import_mat_mul(Scope& scope) {
  if (!scope.need_inputs(2)) return {};
  auto stream = product_of(scope, false, false);
  if (!stream) return {};
  return scope.done(*std::move(stream), Fate::Layer);
}

Values import_gemm(Scope& scope) {
  if (!scope.need_inputs(2)) return {};
  const Rational alpha = Rational::from_double(scope.real("alpha", 1));
  const Rational beta = Rational::from_double(scope.real("beta", 1));
  const bool transposed_a = scope.integer("transA", 0) != 0;
  const bool transposed_b = scope.integer("transB", 0) != 0;
  const Constant* bias = scope.has(2) ? scope.need_constant(2, "C") : nullptr;
  auto stream = product_of(scope, transposed_a, transposed_b);
  if (!stream || scope.failed()) return {};
  append_affine(stream->value, {alpha}, {Rational(0)});
  if (bias != nullptr) {
    auto offset = channel_values(scope, *stream, *bias, "C");
    if (!offset) return {};
    for (Rational& value : *offset) value *= beta;
    append_affine(stream->value, {Rational(1)}, *offset);
  }
  return scope.done(*std::move(stream), Fate::Layer);
}

}  // namespace bitmason::import
