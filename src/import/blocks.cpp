#include <algorithm>

#include "import/handlers.hpp"
#include "import/stream.hpp"

namespace bitmason::import {

namespace {

/// Shallow channel of every deep channel.
std::vector<int> shallow_channels(int shallow, int block, ir::BlockOrder order) {
  std::vector<int> result;
  result.reserve(static_cast<std::size_t>(shallow) * static_cast<std::size_t>(block) *
                 static_cast<std::size_t>(block));
  for (int deep = 0; deep < shallow * block * block; ++deep)
    result.push_back(order == ir::BlockOrder::DepthColumnRow ? deep % shallow : deep / (block * block));
  return result;
}

/// Frame element that each element of the (deep) frame of space-to-depth takes.
std::vector<std::int32_t> deep_map(const ir::Shape& shallow, int block, ir::BlockOrder order) {
  std::vector<std::int32_t> map;
  const int blocks = block * block;
  for (int deep = 0; deep < shallow.channels * blocks; ++deep) {
    const bool dcr = order == ir::BlockOrder::DepthColumnRow;
    const int c = dcr ? deep % shallow.channels : deep / blocks;
    const int offset = dcr ? deep / shallow.channels : deep % blocks;
    for (int y = 0; y < shallow.height / block; ++y) {
      for (int x = 0; x < shallow.width / block; ++x)
        map.push_back(static_cast<std::int32_t>(
            shallow.index(c, y * block + offset / block, x * block + offset % block)));
    }
  }
  return map;
}

bool to_deep(Scope& scope, Stream& stream, int block, ir::BlockOrder order) {
  if (!settle(scope, stream)) return false;
  const auto source = shallow_channels(stream.frame.channels, block, order);
  const auto id = scope.add(ir::SpaceToDepth{block, order}, {stream.tensor}, scope.label);
  if (!id) return false;
  stream.tensor = *id;
  stream.frame = scope.session.type(*id).shape;
  stream.value = permute_rows(stream.value, source);
  stream.layout = canonical_layout(stream.frame, 4);
  return true;
}

bool to_space(Scope& scope, Stream& stream, int block, ir::BlockOrder order) {
  if (!settle(scope, stream)) return false;
  const int shallow = stream.frame.channels / (block * block);
  const auto source = shallow_channels(shallow, block, order);
  const bool rows = ir::rows(stream.value) > 1;
  if (rows) {
    // Deep channels of one shallow channel must share their function.
    std::vector<int> first(static_cast<std::size_t>(shallow), -1);
    for (std::size_t deep = 0; deep < source.size(); ++deep) {
      int& chosen = first[static_cast<std::size_t>(source[deep])];
      const int own = static_cast<int>(deep);
      if (chosen < 0) chosen = own;
      const int a[] = {chosen};
      const int b[] = {own};
      if (signature(permute_rows(stream.value, a)) != signature(permute_rows(stream.value, b))) {
        scope.fail(diagnostics::kChannelScales,
                   {"channel " + std::to_string(chosen), "channel " + std::to_string(own)});
        return false;
      }
    }
    stream.value = permute_rows(stream.value, first);
  }
  const auto id = scope.add(ir::DepthToSpace{block, order}, {stream.tensor}, scope.label);
  if (!id) return false;
  stream.tensor = *id;
  stream.frame = scope.session.type(*id).shape;
  stream.layout = canonical_layout(stream.frame, 4);
  return true;
}

constexpr ir::BlockOrder kOrders[] = {ir::BlockOrder::DepthColumnRow, ir::BlockOrder::ColumnRowDepth};

/// Whether the layout is what space-to-depth of the frame gives; emits it then.
bool match_deep(Scope& scope, Stream& stream) {
  const ir::Shape frame = stream.frame;
  const auto& d = stream.layout.dims;
  const std::int64_t block = d[2] > 0 ? frame.height / d[2] : 0;
  if (block < 2 || d[2] * block != frame.height || d[3] * block != frame.width) return false;
  for (const ir::BlockOrder order : kOrders) {
    if (deep_map(frame, static_cast<int>(block), order) == stream.layout.map)
      return to_deep(scope, stream, static_cast<int>(block), order);
  }
  return false;
}

bool match_space(Scope& scope, Stream& stream) {
  const ir::Shape frame = stream.frame;
  const auto& d = stream.layout.dims;
  const std::int64_t block = d[2] / frame.height;
  if (block < 2 || block > 1024 || d[2] != block * frame.height || d[3] != block * frame.width) return false;
  const ir::Shape shallow{static_cast<int>(d[1]), static_cast<int>(d[2]), static_cast<int>(d[3])};
  for (const ir::BlockOrder order : kOrders) {
    const auto inverse = deep_map(shallow, static_cast<int>(block), order);
    bool same = inverse.size() == stream.layout.map.size();
    for (std::size_t i = 0; same && i < inverse.size(); ++i)
      same = stream.layout.map[static_cast<std::size_t>(inverse[i])] == static_cast<std::int32_t>(i);
    if (same) return to_space(scope, stream, static_cast<int>(block), order);
  }
  return false;
}

std::optional<Stream> image_stream(Scope& scope) {
  if (!scope.need_inputs(1)) return std::nullopt;
  if (scope.stream(0) == nullptr) {
    scope.fail(diagnostics::kOperator,
               {scope.node.op_type + " of a constant", "fold the constant before export"});
    return std::nullopt;
  }
  Stream stream = *scope.stream(0);
  if (!refuse_padding(scope, stream) || !make_canonical(scope, stream)) return std::nullopt;
  if (stream.layout.dims.size() != 4) {
    scope.fail(diagnostics::kShape, {shape_text(stream.layout.dims), "[1, C, H, W]"});
    return std::nullopt;
  }
  return stream;
}

int block_of(Scope& scope) {
  const std::int64_t block = scope.integer("blocksize", 0);
  if (block < 1 || block > 1024) {
    scope.fail(diagnostics::kAttribute, {"blocksize", std::to_string(block), "1 to 1024"});
    return 1;
  }
  return static_cast<int>(block);
}

/// Source position of output x by the attributes of Resize, exact.
std::optional<std::int64_t> source_position(std::int64_t x, std::int64_t size, std::int64_t factor,
                                            const std::string& mode, const std::string& nearest) {
  const Rational half(1, 2);
  const Rational scale(factor);
  Rational position;
  if (mode == "half_pixel" || (mode == "pytorch_half_pixel" && size * factor > 1)) {
    position = (Rational(x) + half) / scale - half;
  } else if (mode == "tf_half_pixel_for_nn") {
    position = (Rational(x) + half) / scale;
  } else if (mode == "asymmetric") {
    position = Rational(x) / scale;
  } else if (mode == "align_corners") {
    position =
        size * factor == 1 ? Rational(0) : Rational(x) * Rational(size - 1) / Rational(size * factor - 1);
  } else {
    return std::nullopt;
  }
  std::int64_t index = 0;
  if (nearest == "floor") {
    index = *position.rounded(Rounding::Floor).to_int64();
  } else if (nearest == "ceil") {
    index = *position.rounded(Rounding::Ceil).to_int64();
  } else if (nearest == "round_prefer_floor") {
    index = *(position - half).rounded(Rounding::Ceil).to_int64();
  } else if (nearest == "round_prefer_ceil") {
    index = *(position + half).rounded(Rounding::Floor).to_int64();
  } else {
    return std::nullopt;
  }
  return std::clamp<std::int64_t>(index, 0, size - 1);
}

bool repeats(Scope& scope, std::int64_t size, std::int64_t factor) {
  const bool modern = scope.node.op_type == "Resize" && scope.session.opset >= 11;
  const std::string mode =
      modern ? scope.string("coordinate_transformation_mode", "half_pixel") : "asymmetric";
  const std::string nearest = modern ? scope.string("nearest_mode", "round_prefer_floor") : "floor";
  for (std::int64_t x = 0; x < size * factor; ++x) {
    if (source_position(x, size, factor, mode, nearest) != x / factor) {
      scope.fail(diagnostics::kWindow,
                 {"Resize with " + mode.substr(0, 50) + " and " + nearest.substr(0, 50) +
                      " that does not repeat each pixel",
                  "use coordinate_transformation_mode asymmetric with nearest_mode floor"});
      return false;
    }
  }
  return true;
}

constexpr int kMaxFactor = 64;

/// Integer factors of rows and columns from the scales or sizes.
std::optional<std::pair<int, int>> resize_factors(Scope& scope, const Stream& stream) {
  const auto refuse = [&](const std::string& what) {
    if (!scope.failed())
      scope.fail(diagnostics::kConstant,
                 {"scales", what,
                  "1, 1 and whole factors of rows and columns from 1 to " + std::to_string(kMaxFactor)});
    return std::nullopt;
  };
  std::vector<Rational> scales;
  const bool resize = scope.node.op_type == "Resize" && scope.session.opset >= 11;
  const std::size_t index = resize ? 2 : 1;
  if (scope.has_attribute("scales")) {
    const auto* list = std::get_if<std::vector<double>>(&scope.node.attributes.at("scales"));
    if (list == nullptr) return refuse("not a list");
    for (const double value : *list)
      scales.push_back(value - value == 0 ? Rational::from_double(value) : Rational(0));
  } else if (scope.has(index) && scope.constant(index) != nullptr && scope.constant(index)->size() > 0) {
    const Constant* constant = scope.need_constant(index, "scales");
    if (constant == nullptr) return std::nullopt;
    for (std::size_t i = 0; i < constant->size() && i < 8; ++i) scales.push_back(constant->at(i));
  } else if (resize && scope.has(3)) {
    const auto sizes = scope.need_integers(3, "sizes");
    for (std::size_t i = 0; i < sizes.size() && sizes.size() == 4; ++i)
      scales.push_back(Rational(sizes[i]) / Rational(stream.layout.dims[i]));
  }
  if (scales.size() != 4) return refuse(std::to_string(scales.size()) + " values");
  if (scales[0] != Rational(1) || scales[1] != Rational(1)) return refuse("a scale of batch or channels");
  const auto h = scales[2].to_int64();
  const auto w = scales[3].to_int64();
  if (!h || !w || *h < 1 || *w < 1 || *h > kMaxFactor || *w > kMaxFactor)
    return refuse(scales[2].to_string() + " x " + scales[3].to_string());
  return std::pair(static_cast<int>(*h), static_cast<int>(*w));
}

}  // namespace

bool make_canonical(Scope& scope, Stream& stream) {
  if (is_canonical(stream.layout, stream.frame)) return true;
  const bool image = stream.layout.dims.size() == 4 && stream.layout.dims[0] == 1 && !stream.padding.any() &&
                     !stream.is_raw();
  if (image && !stream.layout.map.empty() &&
      (match_deep(scope, stream) || (!scope.failed() && match_space(scope, stream))))
    return true;
  if (!scope.failed()) {
    scope.fail(diagnostics::kLayout,
               {shape_text(stream.layout.dims) + (stream.layout.map.empty() ? "" : ", reordered,") +
                " over frame " + to_text(stream.frame)});
  }
  return false;
}

Values import_space_to_depth(Scope& scope) {
  const int block = block_of(scope);
  auto stream = image_stream(scope);
  if (!stream || scope.failed() || !to_deep(scope, *stream, block, ir::BlockOrder::DepthColumnRow)) return {};
  return scope.done(*std::move(stream), Fate::Layer);
}

Values import_depth_to_space(Scope& scope) {
  const int block = block_of(scope);
  const std::string mode = scope.string("mode", "DCR");
  if (mode != "DCR" && mode != "CRD")
    scope.fail(diagnostics::kAttribute, {"mode", mode.substr(0, 100), "DCR or CRD"});
  auto stream = image_stream(scope);
  if (!stream || scope.failed()) return {};
  if (stream->frame.channels % (block * block) != 0) {
    return scope.fail(diagnostics::kAttribute, {"blocksize", std::to_string(block),
                                                "a block whose square divides " +
                                                    std::to_string(stream->frame.channels) + " channels"});
  }
  const auto order = mode == "DCR" ? ir::BlockOrder::DepthColumnRow : ir::BlockOrder::ColumnRowDepth;
  if (!to_space(scope, *stream, block, order)) return {};
  return scope.done(*std::move(stream), Fate::Layer);
}

Values import_resize(Scope& scope) {
  const std::string mode = scope.string("mode", "nearest");
  if (mode != "nearest") scope.fail(diagnostics::kAttribute, {"mode", mode.substr(0, 100), "nearest"});
  auto stream = image_stream(scope);
  if (!stream || scope.failed()) return {};
  const auto factors = resize_factors(scope, *stream);
  if (!factors || !repeats(scope, stream->frame.height, factors->first) ||
      !repeats(scope, stream->frame.width, factors->second))
    return {};
  if (factors->first == 1 && factors->second == 1) return scope.done(*std::move(stream), Fate::Layout);
  if (!settle(scope, *stream)) return {};
  const auto id = scope.add(ir::Upsample{factors->first, factors->second}, {stream->tensor});
  if (!id) return {};
  stream->tensor = *id;
  stream->frame = scope.session.type(*id).shape;
  stream->layout = canonical_layout(stream->frame, 4);
  return scope.done(*std::move(stream), Fate::Layer);
}

}  // namespace bitmason::import
