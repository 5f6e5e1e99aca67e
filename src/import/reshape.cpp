#include <algorithm>
#include <numeric>
#include <set>

#include "import/fold.hpp"
#include "import/handlers.hpp"
#include "import/stream.hpp"

namespace bitmason::import {

namespace {

using Dims = std::vector<std::int64_t>;

const Dims* dims_of(const Value& value) {
  if (const auto* constant = std::get_if<ConstantPtr>(&value)) return &(*constant)->shape;
  if (const auto* stream = std::get_if<Stream>(&value)) return &stream->layout.dims;
  if (const auto* host = std::get_if<HostStream>(&value)) return &host->shape;
  return nullptr;
}

std::int64_t product(const Dims& dims) {
  return std::accumulate(dims.begin(), dims.end(), std::int64_t{1}, std::multiplies<>());
}

/// The value with the same elements in a new shape.
Values reshaped(Scope& scope, Dims dims) {
  const Value& value = scope.value(0);
  if (const Constant* constant = scope.constant(0)) return fold_reshaped(scope, *constant, std::move(dims));
  if (product(dims) != product(*dims_of(value)))
    return scope.fail(diagnostics::kShape, {shape_text(*dims_of(value)), shape_text(dims)});
  if (const auto* host = std::get_if<HostStream>(&value)) {
    HostStream result = *host;
    result.shape = std::move(dims);
    return scope.done(std::move(result), Fate::HostTail, "new shape");
  }
  Stream stream = *scope.stream(0);
  if (!refuse_padding(scope, stream)) return {};
  stream.layout.dims = std::move(dims);
  return scope.done(std::move(stream), Fate::Layout);
}

/// Batch size the file fixes, for reshapes that spell it out; 1 otherwise.
std::int64_t fixed_batch(const Session& session) {
  for (const InputState& input : session.inputs) {
    if (!input.info.shape.empty() && input.info.shape[0] > 1) return input.info.shape[0];
  }
  return 1;
}

/// The shape that a Reshape asks for: 0 copies, -1 is inferred.
std::optional<Dims> resolve(Scope& scope, Dims target, const Dims& source) {
  const std::string asked = shape_text(target);
  const std::int64_t total = product(source);
  const bool copies = scope.integer("allowzero", 0) == 0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (target[i] == 0 && copies && i < source.size()) target[i] = source[i];
  }
  const auto known = [&] {
    std::int64_t count = 1;
    for (const std::int64_t dim : target) {
      if (dim == -1) continue;
      if (dim < 0 || dim > (std::int64_t{1} << 28)) return std::int64_t{-1};
      count *= dim;
      if (count > (std::int64_t{1} << 28)) return std::int64_t{-1};
    }
    return count;
  };
  const std::int64_t batch = fixed_batch(scope.session);
  if (!target.empty() && batch > 1 && target[0] == batch && known() != total) target[0] = 1;
  const std::int64_t count = known();
  const auto wild = std::ranges::count(target, -1);
  if (count > 0 && wild == 1 && total % count == 0) *std::ranges::find(target, -1) = total / count;
  if (count < 0 || wild > 1 || std::ranges::count(target, -1) > 0 || product(target) != total) {
    scope.fail(diagnostics::kShape, {asked, shape_text(source)});
    return std::nullopt;
  }
  return target;
}

}  // namespace

Values import_reshape(Scope& scope) {
  if (!scope.need_inputs(2) && !scope.has_attribute("shape")) return {};
  const Dims target =
      scope.has_attribute("shape") ? scope.integers("shape", {}) : scope.need_integers(1, "shape");
  if (scope.failed()) return {};
  auto dims = resolve(scope, target, *dims_of(scope.value(0)));
  if (!dims) return {};
  return reshaped(scope, *std::move(dims));
}

Values import_flatten(Scope& scope) {
  if (!scope.need_inputs(1)) return {};
  const Dims& source = *dims_of(scope.value(0));
  const std::int64_t axis = scope.integer("axis", 1);
  const auto rank = static_cast<std::int64_t>(source.size());
  if (axis < -rank || axis > rank)
    return scope.fail(diagnostics::kAttribute,
                      {"axis", std::to_string(axis), "an axis of " + std::to_string(rank) + " dimensions"});
  const auto split = source.begin() + (axis < 0 ? axis + rank : axis);
  return reshaped(scope, {product({source.begin(), split}), product({split, source.end()})});
}

Values import_transpose(Scope& scope) {
  if (!scope.need_inputs(1)) return {};
  const Value& value = scope.value(0);
  const Dims source = *dims_of(value);
  Dims reversed(source.size());
  for (std::size_t d = 0; d < source.size(); ++d)
    reversed[d] = static_cast<std::int64_t>(source.size() - 1 - d);
  const Dims perm = scope.integers("perm", reversed);
  if (scope.failed()) return {};
  Dims sorted = perm;
  std::ranges::sort(sorted);
  std::ranges::reverse(reversed);
  if (sorted != reversed)
    return scope.fail(
        diagnostics::kAttribute,
        {"perm", shape_text(perm), "a permutation of " + std::to_string(source.size()) + " axes"});
  Dims dims;
  for (const std::int64_t axis : perm) dims.push_back(source[static_cast<std::size_t>(axis)]);
  if (const Constant* constant = scope.constant(0))
    return scope.done(to_value(constant->select(transpose_index(source, perm), dims)), Fate::Folded);
  if (const auto* host = std::get_if<HostStream>(&value))
    return scope.fail(diagnostics::kAfterTail, {ir::to_text(host->tail.back()), scope.node.inputs[0]});
  Stream stream = *scope.stream(0);
  if (!refuse_padding(scope, stream)) return {};
  if (!checked_elements(source))
    return scope.fail(diagnostics::kTooLarge,
                      {shape_text(source), "elements to reorder", std::to_string(kMaxFoldedElements)});
  stream.layout = transposed(stream.layout, perm);
  return scope.done(std::move(stream), Fate::Layout);
}

Values import_squeeze(Scope& scope) {
  if (!scope.need_inputs(1)) return {};
  const Dims source = *dims_of(scope.value(0));
  const auto axes = scope.axes();
  if (scope.failed()) return {};
  std::set<std::size_t> dropped;
  for (std::size_t d = 0; d < source.size() && !axes; ++d) {
    if (source[d] == 1) dropped.insert(d);
  }
  for (const std::int64_t axis : axes.value_or(Dims{})) {
    const std::size_t d = scope.axis(axis, source.size());
    if (scope.failed()) return {};
    if (source[d] != 1)
      return scope.fail(diagnostics::kShape, {shape_text(source), "squeezing axis " + std::to_string(axis)});
    dropped.insert(d);
  }
  Dims dims;
  for (std::size_t d = 0; d < source.size(); ++d) {
    if (!dropped.contains(d)) dims.push_back(source[d]);
  }
  return reshaped(scope, std::move(dims));
}

Values import_unsqueeze(Scope& scope) {
  if (!scope.need_inputs(1)) return {};
  const Dims source = *dims_of(scope.value(0));
  const Dims axes = scope.axes().value_or(Dims{});
  if (scope.failed()) return {};
  if (axes.empty() || axes.size() > 8)
    return scope.fail(diagnostics::kAttribute, {"axes", shape_text(axes), "1 to 8 axes"});
  std::set<std::size_t> added;
  for (const std::int64_t axis : axes) added.insert(scope.axis(axis, source.size() + axes.size()));
  if (scope.failed()) return {};
  Dims dims;
  auto next = source.begin();
  for (std::size_t d = 0; d < source.size() + added.size(); ++d)
    dims.push_back(added.contains(d) ? 1 : *next++);
  return reshaped(scope, std::move(dims));
}

Values import_identity(Scope& scope) {
  if (!scope.need_inputs(1)) return {};
  return scope.done(scope.value(0), Fate::Absorbed);
}

Values import_cast(Scope& scope) {
  if (!scope.need_inputs(1)) return {};
  const std::int64_t to = scope.integer("to", 1);
  constexpr std::int64_t kFloat = 1;
  constexpr std::int64_t kFloat16 = 10;
  constexpr std::int64_t kDouble = 11;
  constexpr std::int64_t kBfloat16 = 16;
  const bool real = to == kFloat || to == kDouble || to == kFloat16 || to == kBfloat16;
  const Constant* constant = scope.constant(0);
  if (constant == nullptr) {
    // Wider types hold every code; a narrowing cast to an integer would be a quantiser.
    if (!real && scope.stream(0) != nullptr)
      return scope.fail(diagnostics::kAttribute, {"to", std::to_string(to), "a float type (1, 10, 11)"});
    return scope.done(scope.value(0), Fate::Absorbed);
  }
  if (real) return scope.done(scope.value(0), Fate::Folded);
  if (scope.need_constant(0, "input") == nullptr) return {};
  std::vector<std::int64_t> values;
  for (std::size_t i = 0; i < constant->size(); ++i) {
    const auto value = constant->at(i).rounded(Rounding::Down).to_int64();
    if (!value)
      return scope.fail(diagnostics::kConstant,
                        {"input", constant->at(i).to_string().substr(0, 50), "a 64-bit integer"});
    values.push_back(*value);
  }
  return scope.done(to_value(constant_of(constant->shape, std::move(values))), Fate::Folded);
}

Values import_shape(Scope& scope) {
  if (!scope.need_inputs(1)) return {};
  Dims dims = *dims_of(scope.value(0));
  if (const Stream* stream = scope.stream(0); stream != nullptr && dims.size() >= 3) {
    dims.back() += stream->padding.left + stream->padding.right;
    dims[dims.size() - 2] += stream->padding.top + stream->padding.bottom;
  }
  const auto rank = static_cast<std::int64_t>(dims.size());
  const auto bound = [&](std::int64_t v) { return std::clamp<std::int64_t>(v < 0 ? v + rank : v, 0, rank); };
  const std::int64_t first = bound(scope.integer("start", 0));
  const std::int64_t last = std::max(first, bound(scope.integer("end", rank)));
  const Dims part(dims.begin() + first, dims.begin() + last);
  return scope.done(to_value(constant_of({static_cast<std::int64_t>(part.size())}, part)), Fate::Folded);
}

}  // namespace bitmason::import
