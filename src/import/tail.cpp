#include <algorithm>

#include "import/handlers.hpp"
#include "import/stream.hpp"

namespace bitmason::import {

namespace {

/// Input 0 with its tail so far.
std::optional<HostStream> host_stream(Scope& scope) {
  if (!scope.need_inputs(1)) return std::nullopt;
  if (const auto* host = std::get_if<HostStream>(&scope.value(0))) return *host;
  if (const Stream* stream = scope.stream(0)) {
    if (!refuse_padding(scope, *stream)) return std::nullopt;
    return HostStream{*stream, {}, stream->layout.dims};
  }
  scope.fail(diagnostics::kOperator,
             {scope.node.op_type + " of a constant", "fold the constant before export"});
  return std::nullopt;
}

Values host_done(Scope& scope, HostStream host) {
  const std::string text = "on the host: " + ir::to_text(host.tail.back());
  return scope.done(std::move(host), Fate::HostTail, text);
}

}  // namespace

Values import_softmax(Scope& scope) {
  auto host = host_stream(scope);
  if (!host) return {};
  const bool flattens = scope.session.opset < 13;
  const std::size_t axis = scope.axis(scope.integer("axis", flattens ? 1 : -1), host->shape.size());
  if (scope.failed()) return {};
  const bool last = std::all_of(host->shape.begin() + static_cast<std::ptrdiff_t>(axis) + 1,
                                host->shape.end(), [](std::int64_t d) { return d == 1; });
  if (flattens && !last) {
    return scope.fail(diagnostics::kWindow,
                      {"Softmax over several axes (opset below 13, axis " + std::to_string(axis) + " of " +
                           shape_text(host->shape) + ")",
                       "flatten before it"});
  }
  host->tail.emplace_back(ir::SoftmaxTail{static_cast<int>(axis)});
  return host_done(scope, *std::move(host));
}

Values import_sigmoid(Scope& scope) {
  auto host = host_stream(scope);
  if (!host) return {};
  host->tail.emplace_back(ir::SigmoidTail{});
  return host_done(scope, *std::move(host));
}

Values import_arg_max(Scope& scope) {
  auto host = host_stream(scope);
  if (!host) return {};
  const std::size_t axis = scope.axis(scope.integer("axis", 0), host->shape.size());
  const bool keep = scope.integer("keepdims", 1) != 0;
  const bool last = scope.integer("select_last_index", 0) != 0;
  if (!scope.failed() && axis == 0)
    scope.fail(diagnostics::kAttribute, {"axis", "0, the batch", "an axis after the batch"});
  if (scope.failed()) return {};
  host->tail.emplace_back(ir::ArgMaxTail{static_cast<int>(axis), keep, last});
  if (keep) {
    host->shape[axis] = 1;
  } else {
    host->shape.erase(host->shape.begin() + static_cast<std::ptrdiff_t>(axis));
  }
  return host_done(scope, *std::move(host));
}

Values import_top_k(Scope& scope) {
  auto host = host_stream(scope);
  if (!host) return {};
  const auto k = scope.has_attribute("k") ? std::optional(scope.integer("k", 0)) : scope.need_integer(1, "K");
  const std::size_t axis = scope.axis(scope.integer("axis", -1), host->shape.size());
  const bool largest = scope.integer("largest", 1) != 0;
  if (scope.failed()) return {};
  if (*k != 1) return scope.fail(diagnostics::kConstant, {"K", std::to_string(*k), "1"});
  if (axis == 0)
    return scope.fail(diagnostics::kAttribute, {"axis", "0, the batch", "an axis after the batch"});
  host->shape[axis] = 1;
  Values values;
  for (const bool indices : {false, true}) {
    HostStream output = *host;
    output.tail.emplace_back(ir::TopOneTail{static_cast<int>(axis), largest, indices});
    scope.text = "on the host: " + ir::to_text(output.tail.back());
    values.emplace_back(std::move(output));
  }
  scope.fate = Fate::HostTail;
  return values;
}

}  // namespace bitmason::import
