#include "qat/network_spec.hpp"

#include <fmt/format.h>

#include "qat/diagnostics.hpp"

namespace bitmason::qat {
namespace {

struct Limit {
  const char* what;
  int value;
  int lo;
  int hi;
};

void check(Diagnostics& errors, const std::string& where, const Limit& limit) {
  if (limit.value < limit.lo || limit.value > limit.hi)
    errors.push_back(make_diagnostic(
        diagnostics::kSpecRange, where,
        {limit.what, std::to_string(limit.value), std::to_string(limit.lo), std::to_string(limit.hi)}));
}

/// Checks one layer after the other and follows the frame.
struct ShapeWalk {
  std::string where;
  ir::Shape shape;
  Diagnostics errors;

  void operator()(const ConvSpec& conv) {
    check(errors, where, {"channels", conv.channels, 1, 4096});
    check(errors, where, {"kernel", conv.kernel, 1, 11});
    check(errors, where, {"weight_bits", conv.weight_bits, 2, 8});
    check(errors, where, {"activation_bits", conv.activation_bits, 1, 8});
    if (conv.kernel % 2 == 0)
      errors.push_back(make_diagnostic(diagnostics::kSpecKernel, where,
                                       {std::to_string(conv.kernel), std::to_string(conv.kernel + 1)}));
    shape.channels = conv.channels;
  }
  void operator()(const MaxPoolSpec&) {
    if (shape.height % 2 != 0 || shape.width % 2 != 0)
      errors.push_back(make_diagnostic(diagnostics::kSpecPool, where,
                                       {fmt::format("{} x {}", shape.height, shape.width)}));
    shape = {shape.channels, shape.height / 2, shape.width / 2};
  }
  void operator()(const DenseSpec& dense) {
    check(errors, where, {"classes", dense.classes, 2, 256});
    check(errors, where, {"weight_bits", dense.weight_bits, 2, 8});
    shape = {dense.classes, 1, 1};
  }
};

std::string_view kind_of(const LayerSpec& layer) {
  static constexpr std::string_view kNames[] = {"conv", "max_pool", "dense"};
  return kNames[layer.index()];
}

}  // namespace

Result<std::vector<ir::Shape>> output_shapes(const NetworkSpec& spec) {
  ShapeWalk walk{"input", spec.input, {}};
  check(walk.errors, "input", {"channels", spec.input.channels, 1, 4096});
  check(walk.errors, "input", {"height", spec.input.height, 1, 4096});
  check(walk.errors, "input", {"width", spec.input.width, 1, 4096});
  check(walk.errors, "layers", {"number of layers", static_cast<int>(spec.layers.size()), 1, 1000});
  std::vector<ir::Shape> shapes;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    walk.where = fmt::format("layers[{}]", i);
    const bool dense = std::holds_alternative<DenseSpec>(spec.layers[i]);
    if (dense != (i + 1 == spec.layers.size()))
      walk.errors.push_back(
          make_diagnostic(diagnostics::kSpecLast, walk.where, {std::string(kind_of(spec.layers[i]))}));
    std::visit(walk, spec.layers[i]);
    shapes.push_back(walk.shape);
  }
  if (!walk.errors.empty()) return walk.errors;
  return shapes;
}

NetworkSize size_of(const NetworkSpec& spec) {
  const auto shapes = output_shapes(spec);
  NetworkSize size;
  ir::Shape in = spec.input;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const auto& out = (*shapes)[i];
    std::int64_t weights = 0;
    if (const auto* conv = std::get_if<ConvSpec>(&spec.layers[i]))
      weights = std::int64_t{conv->kernel} * conv->kernel * in.channels * out.channels;
    if (std::holds_alternative<DenseSpec>(spec.layers[i])) weights = in.elements() * out.channels;
    size.weights += weights;
    size.macs += weights * out.height * out.width;
    in = out;
  }
  return size;
}

int classes_of(const NetworkSpec& spec) {
  return std::get<DenseSpec>(spec.layers.back()).classes;
}

}  // namespace bitmason::qat
