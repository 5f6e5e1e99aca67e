#include <algorithm>
#include <set>

#include "import/handlers.hpp"
#include "import/window.hpp"

namespace bitmason::import {

namespace {

/// The stream of input 0; a finding where it is a constant.
const Stream* pooled_input(Scope& scope) {
  if (!scope.need_inputs(1)) return nullptr;
  if (scope.stream(0) == nullptr) {
    scope.fail(diagnostics::kOperator,
               {scope.node.op_type + " of a constant", "fold the constant before export"});
  }
  return scope.stream(0);
}

/// The stream as [1, C, H, W] or [1, C, W].
std::optional<Stream> spatial(Scope& scope, Stream stream) {
  const std::size_t rank = stream.layout.dims.size();
  if (rank > 4) {
    scope.fail(diagnostics::kOperator,
               {std::to_string(rank - 2) + "-D " + scope.node.op_type, "use 1-D or 2-D pooling"});
    return std::nullopt;
  }
  if (!is_column_view(stream) && !make_canonical(scope, stream)) return std::nullopt;
  if (stream.layout.dims.size() < 3) {
    scope.fail(diagnostics::kShape, {shape_text(stream.layout.dims), "pooling over pixels"});
    return std::nullopt;
  }
  return stream;
}

/// Input 0 as [1, C, H, W] or [1, C, W].
std::optional<Stream> spatial_stream(Scope& scope) {
  const Stream* stream = pooled_input(scope);
  if (stream == nullptr) return std::nullopt;
  return spatial(scope, *stream);
}

bool refuse_dilation(Scope& scope, const WindowAttributes& attributes) {
  if (attributes.dilation_h == 1 && attributes.dilation_w == 1) return true;
  scope.fail(diagnostics::kWindow, {"dilated " + scope.node.op_type, "use dilations of 1"});
  return false;
}

/// Frame after a window; a finding where the window does not fit.
bool pool_frame(Scope& scope, ir::Shape& frame, const ir::Window& w) {
  const bool fits = w.pad_top < w.kernel_h && w.pad_bottom < w.kernel_h && w.pad_left < w.kernel_w &&
                    w.pad_right < w.kernel_w && frame.height + w.pad_top + w.pad_bottom >= w.kernel_h &&
                    frame.width + w.pad_left + w.pad_right >= w.kernel_w;
  if (!fits) {
    scope.fail(diagnostics::kShape,
               {"of the window " + std::to_string(w.kernel_h) + "x" + std::to_string(w.kernel_w),
                "frame " + to_text(frame)});
    return false;
  }
  frame = {frame.channels, w.output_height(frame.height), w.output_width(frame.width)};
  return true;
}

/// Whether padding with these values never wins against any value the stream can take.
bool padding_loses(const Session& session, const Stream& stream, const std::vector<Rational>& pad) {
  const IntRange range = !stream.codes.empty()      ? stream.code_range
                         : stream.tensor.index >= 0 ? session.type(stream.tensor).range
                                                    : IntRange{0, -1};
  if (range.lo > range.hi) return false;
  for (int c = 0; c < stream.frame.channels; ++c) {
    const Rational least = std::min(ir::apply(stream.value, Rational(range.lo), c),
                                    ir::apply(stream.value, Rational(range.hi), c));
    if (row(pad, c) > least) return false;
  }
  return true;
}

/// The file's view of the frame after a window.
Layout pooled_layout(const Stream& stream, std::size_t rank, bool column) {
  Layout layout = canonical_layout(stream.frame, rank);
  if (column) std::swap(layout.dims[2], layout.dims[3]);
  return layout;
}

Values max_pool(Scope& scope, Stream stream, ir::Window window) {
  const std::size_t rank = stream.layout.dims.size();
  const bool column = is_column_view(stream);
  if (!pool_frame(scope, stream.frame, window)) return {};
  stream.pools.push_back({window, scope.label});
  stream.layout = pooled_layout(stream, rank, column);
  scope.fate = Fate::Layer;
  // A value that grows pools its codes at once; otherwise the next quantiser comes first.
  if (stream.tensor.index >= 0 && stream.codes.empty() && increasing(stream.value, stream.frame.channels)) {
    if (!settle(scope, stream)) return {};
  }
  return {std::move(stream)};
}

Values sum_pool(Scope& scope, Stream stream, const ir::Window& window) {
  const std::size_t rank = stream.layout.dims.size();
  const bool column = is_column_view(stream);
  const auto affine = settle_affine(scope, stream);
  if (!affine) return {};
  const Rational area(std::int64_t{window.kernel_h} * window.kernel_w);
  ir::SumPool pool{.window = window};
  if (window.has_padding()) {
    std::optional<std::int64_t> code;
    for (int c = 0; c < stream.frame.channels; ++c) {
      const Rational& scale = row(affine->scale, c);
      const auto own = scale.sign() == 0 ? std::nullopt : (-row(affine->offset, c) / scale).to_int64();
      if (!own || (code && *own != *code)) {
        return scope.fail(diagnostics::kPadding,
                          {"0", scale.to_string(), row(affine->offset, c).to_string()});
      }
      code = own;
    }
    pool.pad_value = *code;
  }
  const auto id = scope.add(pool, {stream.tensor});
  if (!id) return {};
  stream.tensor = *id;
  stream.frame = scope.session.type(*id).shape;
  stream.layout = pooled_layout(stream, rank, column);
  ir::ScalarFunction value;
  append_affine(value, {Rational(1) / area}, {Rational(0)});
  append(value, stream.value);
  stream.value = std::move(value);
  return scope.done(std::move(stream), Fate::Layer, "exact sum, divided in the scale");
}

ir::Window whole_frame(const ir::Shape& frame) {
  return {.kernel_h = frame.height, .kernel_w = frame.width};
}

}  // namespace

Values import_max_pool(Scope& scope) {
  auto stream = spatial_stream(scope);
  if (!stream) return {};
  if (scope.node.outputs.size() > 1 && !scope.node.outputs[1].empty())
    scope.fail(diagnostics::kWindow, {"the index output of MaxPool", "use the values only"});
  auto attributes = window_of(scope, *stream, {});
  if (!attributes || !refuse_dilation(scope, *attributes)) return {};
  if (stream->padding.any()) {
    if (!padding_loses(scope.session, *stream, stream->padding.value))
      return refuse_padding(scope, *stream), Values{};
    stream->padding.value = {Rational(0)};
    if (!absorb_padding(scope, *stream, attributes->window)) return {};
  }
  return max_pool(scope, *std::move(stream), attributes->window);
}

Values import_global_max_pool(Scope& scope) {
  auto stream = spatial_stream(scope);
  if (!stream || !refuse_padding(scope, *stream)) return {};
  const ir::Window window = whole_frame(stream->frame);
  return max_pool(scope, *std::move(stream), window);
}

Values import_average_pool(Scope& scope) {
  auto stream = spatial_stream(scope);
  if (!stream) return {};
  auto attributes = window_of(scope, *stream, {});
  if (!attributes || !refuse_dilation(scope, *attributes)) return {};
  if (attributes->ceil_extra) {
    return scope.fail(diagnostics::kWindow,
                      {"AveragePool with ceil_mode 1 and windows beyond the frame", "set ceil_mode to 0"});
  }
  if (attributes->window.has_padding() && scope.integer("count_include_pad", 0) == 0) {
    return scope.fail(diagnostics::kWindow, {"AveragePool with padding and count_include_pad 0",
                                             "set count_include_pad to 1 or the pads to 0"});
  }
  if (stream->padding.any()) {
    if (stream->padding.value != std::vector<Rational>{Rational(0)})
      return refuse_padding(scope, *stream), Values{};
    if (!absorb_padding(scope, *stream, attributes->window)) return {};
  }
  return sum_pool(scope, *std::move(stream), attributes->window);
}

Values import_global_average_pool(Scope& scope) {
  auto stream = spatial_stream(scope);
  if (!stream || !refuse_padding(scope, *stream)) return {};
  const ir::Window window = whole_frame(stream->frame);
  return sum_pool(scope, *std::move(stream), window);
}

Values import_reduce_mean(Scope& scope) {
  const Stream* input = pooled_input(scope);
  if (input == nullptr) return {};
  Stream stream = *input;
  const std::vector<std::int64_t> source = stream.layout.dims;
  const auto given = scope.axes();
  std::set<std::size_t> axes;
  for (const std::int64_t axis : given.value_or(std::vector<std::int64_t>{}))
    axes.insert(scope.axis(axis, source.size()));
  if (scope.failed()) return {};
  // The axes of the pixels: the last ones, or those before the channels.
  const std::size_t pixels = source.size() - 2;
  const std::set<std::size_t> last = pixels == 1 ? std::set<std::size_t>{2} : std::set<std::size_t>{2, 3};
  const std::set<std::size_t> middle = pixels == 1 ? std::set<std::size_t>{1} : std::set<std::size_t>{1, 2};
  if ((pixels != 1 && pixels != 2) || (axes != last && axes != middle)) {
    return scope.fail(diagnostics::kAttribute,
                      {"axes", given ? shape_text(*given) : "absent",
                       "all axes of the pixels, [2, 3] or in channel-last order [1, 2]"});
  }
  if (!refuse_padding(scope, stream)) return {};
  if (axes == middle) {
    if (!checked_elements(source))
      return scope.fail(diagnostics::kTooLarge,
                        {shape_text(source), "elements to reorder", std::to_string(kMaxFoldedElements)});
    stream.layout = transposed(stream.layout, pixels == 1 ? std::vector<std::int64_t>{0, 2, 1}
                                                          : std::vector<std::int64_t>{0, 3, 1, 2});
  }
  auto frame = spatial(scope, std::move(stream));
  if (!frame) return {};
  const ir::Window window = whole_frame(frame->frame);
  Values values = sum_pool(scope, *std::move(frame), window);
  if (values.empty()) return {};
  const bool keep = scope.integer("keepdims", 1) != 0;
  std::vector<std::int64_t>& dims = std::get<Stream>(values[0]).layout.dims;
  dims.clear();
  for (std::size_t d = 0; d < source.size(); ++d) {
    if (!axes.contains(d)) dims.push_back(source[d]);
    if (axes.contains(d) && keep) dims.push_back(1);
  }
  return values;
}

Values import_pad(Scope& scope) {
  auto stream = spatial_stream(scope);
  if (!stream) return {};
  if (is_column_view(*stream) && !make_canonical(scope, *stream)) return {};
  if (const std::string mode = scope.string("mode", "constant"); mode != "constant")
    return scope.fail(diagnostics::kAttribute, {"mode", mode.substr(0, 100), "constant"});
  const std::size_t rank = stream->layout.dims.size();
  std::vector<std::int64_t> pads =
      scope.session.opset < 11 ? scope.integers("pads", {}) : scope.need_integers(1, "pads");
  Rational value = Rational::from_double(scope.real("value", 0));
  if (scope.has(2)) {
    const Constant* constant = scope.need_constant(2, "constant_value");
    if (constant != nullptr && constant->size() == 1) value = constant->at(0);
  }
  if (scope.has(3)) scope.fail(diagnostics::kWindow, {"Pad with axes", "give pads for every dimension"});
  if (scope.failed()) return {};
  const bool sizes = pads.size() == 2 * rank &&
                     std::ranges::all_of(pads, [](std::int64_t p) { return p >= 0 && p < (1 << 14); });
  if (!sizes || pads[0] != 0 || pads[1] != 0 || pads[rank] != 0 || pads[rank + 1] != 0) {
    return scope.fail(diagnostics::kAttribute,
                      {"pads", shape_text(pads), "non-negative pads of rows and columns only"});
  }
  if (stream->padding.any()) return refuse_padding(scope, *stream), Values{};
  const auto at = [&](std::size_t i) { return static_cast<int>(pads[i]); };
  stream->padding = {
      rank == 4 ? at(2) : 0, at(rank - 1), rank == 4 ? at(rank + 2) : 0, at(2 * rank - 1), {value}};
  return scope.done(*std::move(stream), Fate::Absorbed, "padding of the next window");
}

}  // namespace bitmason::import
