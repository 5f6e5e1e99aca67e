#include <algorithm>
#include <numeric>

#include "support/exact_operators.hpp"

namespace bitmason::test {

namespace {

std::int64_t dot(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), std::int64_t{0});
}

std::size_t axis_of(std::int64_t axis, std::size_t rank) {
  return static_cast<std::size_t>(axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis);
}

Exact reshape(const Operands& in) {
  std::vector<std::int64_t> shape = to_integers(in[1]);
  const std::int64_t count = element_count(in[0].shape);
  std::int64_t known = 1;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == 0) shape[d] = in[0].shape[d];
    if (shape[d] > 0) known *= shape[d];
  }
  for (auto& size : shape) size = size == -1 ? count / known : size;
  return {shape, in[0].values};
}

Exact flatten(const Operands& in) {
  const auto axis = static_cast<std::ptrdiff_t>(axis_of(in.integer("axis", 1), in[0].shape.size()));
  const std::int64_t rows = element_count({in[0].shape.begin(), in[0].shape.begin() + axis});
  return {{rows, element_count(in[0].shape) / rows}, in[0].values};
}

Exact transpose(const Operands& in) {
  const std::size_t rank = in[0].shape.size();
  std::vector<std::int64_t> reversed(rank);
  for (std::size_t d = 0; d < rank; ++d) reversed[d] = static_cast<std::int64_t>(rank - 1 - d);
  const auto perm = in.integers("perm", reversed);
  const auto strides = strides_of(in[0].shape);
  std::vector<std::int64_t> shape, moved;
  for (const std::int64_t from : perm) {
    shape.push_back(in[0].shape[static_cast<std::size_t>(from)]);
    moved.push_back(strides[static_cast<std::size_t>(from)]);
  }
  return gathered(in[0], shape, [&](const auto& p) { return dot(p, moved); });
}

Exact concat(const Operands& in) {
  const std::size_t axis = axis_of(in.integer("axis", 0), in[0].shape.size());
  Exact result{in[0].shape, {}};
  result.shape[axis] = 0;
  for (const Exact* x : in.inputs) result.shape[axis] += x->shape[axis];
  const std::int64_t outer =
      element_count({in[0].shape.begin(), in[0].shape.begin() + static_cast<std::ptrdiff_t>(axis)});
  for (std::int64_t o = 0; o < outer; ++o) {
    for (const Exact* x : in.inputs) {
      const std::int64_t run = element_count(x->shape) / outer;
      result.values.insert(result.values.end(), x->values.begin() + o * run,
                           x->values.begin() + (o + 1) * run);
    }
  }
  return result;
}

Exact space_to_depth(const Operands& in) {
  const std::int64_t b = in.integer("blocksize", 2);
  const auto& s = in[0].shape;
  const auto strides = strides_of(s);
  return gathered(in[0], {s[0], s[1] * b * b, s[2] / b, s[3] / b}, [&](const auto& p) {
    const std::int64_t block = p[1] / s[1];
    return dot({p[0], p[1] % s[1], p[2] * b + block / b, p[3] * b + block % b}, strides);
  });
}

Exact depth_to_space(const Operands& in) {
  const std::int64_t b = in.integer("blocksize", 2);
  const bool crd = in.text("mode", "DCR") == "CRD";
  const auto& s = in[0].shape;
  const std::int64_t channels = s[1] / (b * b);
  const auto strides = strides_of(s);
  return gathered(in[0], {s[0], channels, s[2] * b, s[3] * b}, [&](const auto& p) {
    const std::int64_t block = p[2] % b * b + p[3] % b;
    const std::int64_t deep = crd ? p[1] * b * b + block : block * channels + p[1];
    return dot({p[0], deep, p[2] / b, p[3] / b}, strides);
  });
}

/// Nearest with integer factors: output p reads input p / factor.
Exact resize(const Operands& in) {
  const std::size_t scales_at = in.node.op_type == "Upsample" || in.opset < 11 ? 1 : 2;
  const auto strides = strides_of(in[0].shape);
  std::vector<std::int64_t> shape = in[0].shape;
  std::vector<std::int64_t> factors(shape.size(), 1);
  for (std::size_t d = 0; d < shape.size(); ++d) {
    factors[d] = in.has(scales_at) && !in[scales_at].values.empty() ? to_integer(in[scales_at].values[d])
                                                                    : to_integer(in[3].values[d]) / shape[d];
    shape[d] *= factors[d];
  }
  return gathered(in[0], shape, [&](auto p) {
    for (std::size_t d = 0; d < p.size(); ++d) p[d] /= factors[d];
    return dot(p, strides);
  });
}

std::vector<std::int64_t> axes_of(const Operands& in) {
  return in.has(1) ? to_integers(in[1]) : in.integers("axes", {});
}

Exact squeeze(const Operands& in) {
  const auto axes = axes_of(in);
  Exact result{{}, in[0].values};
  for (std::size_t d = 0; d < in[0].shape.size(); ++d) {
    const bool named =
        std::ranges::any_of(axes, [&](std::int64_t a) { return axis_of(a, in[0].shape.size()) == d; });
    if (!(axes.empty() ? in[0].shape[d] == 1 : named)) result.shape.push_back(in[0].shape[d]);
  }
  return result;
}

Exact unsqueeze(const Operands& in) {
  auto axes = axes_of(in);
  Exact result = in[0];
  for (auto& axis : axes) axis = static_cast<std::int64_t>(axis_of(axis, in[0].shape.size() + axes.size()));
  std::ranges::sort(axes);
  for (const std::int64_t axis : axes) result.shape.insert(result.shape.begin() + axis, 1);
  return result;
}

/// Constant padding of (before..., after...) sizes.
Exact pad(const Operands& in) {
  const auto pads = in.has(1) ? to_integers(in[1]) : in.integers("pads", {});
  const Rational value = in.has(2) ? in[2].values.front() : Rational::from_double(in.real("value", 0));
  const std::size_t rank = in[0].shape.size();
  const auto strides = strides_of(in[0].shape);
  std::vector<std::int64_t> shape = in[0].shape;
  for (std::size_t d = 0; d < rank; ++d) shape[d] += pads[d] + pads[d + rank];
  Exact extended = in[0];
  extended.values.push_back(value);
  const auto outside = static_cast<std::int64_t>(in[0].values.size());
  return gathered(extended, shape, [&](auto p) {
    for (std::size_t d = 0; d < rank; ++d) {
      p[d] -= pads[d];
      if (p[d] < 0 || p[d] >= in[0].shape[d]) return outside;
    }
    return dot(p, strides);
  });
}

Exact shape_of(const Operands& in) {
  Exact result{{static_cast<std::int64_t>(in[0].shape.size())}, {}};
  for (const std::int64_t size : in[0].shape) result.values.emplace_back(size);
  return result;
}

Exact gather(const Operands& in) {
  const std::size_t axis = axis_of(in.integer("axis", 0), in[0].shape.size());
  if (axis != 0 || in[0].shape.size() != 1) throw std::runtime_error("Gather beyond one dimension");
  return map(in[1],
             [&](const Rational& i) { return in[0].values.at(axis_of(to_integer(i), in[0].values.size())); });
}

Exact constant(const Operands& in) {
  return from_tensor(std::get<onnxio::Tensor>(in.node.attributes.at("value")));
}

}  // namespace

std::map<std::string, Operator> shape_operators() {
  return {{"Reshape", reshape},
          {"Flatten", flatten},
          {"Transpose", transpose},
          {"Concat", concat},
          {"SpaceToDepth", space_to_depth},
          {"DepthToSpace", depth_to_space},
          {"Resize", resize},
          {"Upsample", resize},
          {"Squeeze", squeeze},
          {"Unsqueeze", unsqueeze},
          {"Pad", pad},
          {"Shape", shape_of},
          {"Gather", gather},
          {"Constant", constant}};
}

}  // namespace bitmason::test
