#include "export/qcdq.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/integer_range.hpp"
#include "base/rational.hpp"
#include "export/constant_codes.hpp"
#include "export/diagnostics.hpp"
#include "export/ranks.hpp"
#include "export/rewriter.hpp"

namespace bitmason::exporting {

namespace {

constexpr std::int64_t kMinimumOpset = 13;

bool is_qonnx_domain(std::string_view domain) {
  return domain == "qonnx.custom_op.general" || domain == "finn.custom_op.general" ||
         domain == "onnx.brevitas";
}

class Exporter {
 public:
  explicit Exporter(const onnxio::Model& model) : in_(model), out_(model), ranks_(model) {
    out_.nodes.clear();
    for (const onnxio::Tensor& tensor : model.initializers) constants_[tensor.name] = &tensor;
  }

  Result<onnxio::Model> run();

 private:
  std::optional<Diagnostic> rewrite(const onnxio::Node& node);
  std::optional<Diagnostic> int_quant(const onnxio::Node& node);
  std::optional<Diagnostic> bipolar_quant(const onnxio::Node& node);
  std::optional<Diagnostic> multi_threshold(const onnxio::Node& node);
  std::optional<Diagnostic> trunc(const onnxio::Node& node);
  Result<QuantParameters> parameters(const onnxio::Node& node) const;
  Result<onnxio::Tensor> constant(const onnxio::Node& node, std::size_t input, std::string_view what) const;
  void linear_form(const onnxio::Node& node, const QuantParameters& p, std::int64_t axis);
  bool constant_form(const onnxio::Node& node, const QuantParameters& p);
  void elementary_form(const onnxio::Node& node, const QuantParameters& p);

  const onnxio::Model& in_;
  onnxio::Model out_;
  Ranks ranks_;
  std::map<std::string, const onnxio::Tensor*> constants_;
};

template <class T>
T attribute_or(const onnxio::Node& node, const std::string& name, T fallback) {
  const auto found = node.attributes.find(name);
  if (found == node.attributes.end()) return fallback;
  const T* value = std::get_if<T>(&found->second);
  return value == nullptr ? fallback : *value;
}

/// Rounding by elementary operators; magnitudes are handled by sign and absolute value.
std::string rounded(Rewriter& w, const std::string& x, Rounding rounding) {
  switch (rounding) {
    case Rounding::HalfEven:
      return w.node("Round", {x});
    case Rounding::Floor:
      return w.node("Floor", {x});
    case Rounding::Ceil:
      return w.node("Ceil", {x});
    default:
      break;
  }
  std::string magnitude = w.node("Abs", {x});
  if (rounding == Rounding::HalfUp) magnitude = w.node("Add", {magnitude, w.scalar("half", 0.5)});
  if (rounding == Rounding::HalfDown) magnitude = w.node("Sub", {magnitude, w.scalar("half", 0.5)});
  const bool up = rounding == Rounding::Up || rounding == Rounding::HalfDown;
  return w.node("Mul", {w.node("Sign", {x}), w.node(up ? "Ceil" : "Floor", {magnitude})});
}

Result<onnxio::Tensor> Exporter::constant(const onnxio::Node& node, std::size_t input,
                                          std::string_view what) const {
  const auto found = input < node.inputs.size() ? constants_.find(node.inputs[input]) : constants_.end();
  if (found == constants_.end() || found->second->size() == 0) {
    return make_diagnostic(diagnostics::kNotConstant, node.name, {std::string(what)});
  }
  return *found->second;
}

Result<QuantParameters> Exporter::parameters(const onnxio::Node& node) const {
  auto scale = constant(node, 1, "the scale");
  if (!scale) return scale.errors();
  auto zero = constant(node, 2, "the zero point");
  if (!zero) return zero.errors();
  auto bits = constant(node, 3, "the bit width");
  if (!bits) return bits.errors();
  for (const char* name : {"signed", "narrow"}) {
    if (!node.attributes.contains(name)) return make_diagnostic(diagnostics::kAttribute, node.name, {name});
  }
  const auto mode = rounding_from_name(attribute_or<std::string>(node, "rounding_mode", "ROUND"));
  if (!mode) return make_diagnostic(diagnostics::kAttribute, node.name, {"rounding_mode"});
  const double width = reals_of(*bits).front();
  if (width < 1 || width > 32 || width != std::floor(width)) {
    return make_diagnostic(diagnostics::kAttribute, node.name, {"bit_width"});
  }
  QuantParameters p{*scale, *zero, static_cast<int>(width), {}, *mode};
  const bool narrow = attribute_or<std::int64_t>(node, "narrow", 0) != 0;
  const bool is_signed = attribute_or<std::int64_t>(node, "signed", 0) != 0;
  p.codes = is_signed ? IntRange::signed_bits(p.bits) : IntRange::unsigned_bits(p.bits);
  if (narrow && is_signed) p.codes.lo += 1;
  if (narrow && !is_signed) p.codes.hi -= 1;
  if (is_signed && p.bits == 1) p.codes = {-1, 1};
  return p;
}

/// QuantizeLinear's axis: 0 for a scalar scale; nothing where the form does not apply.
std::optional<std::int64_t> linear_axis(const QuantParameters& p, std::optional<int> rank) {
  const bool plain = p.bits <= 8 && p.rounding == Rounding::HalfEven && !(p.codes.lo == -1 && p.bits == 1);
  const auto zeros = reals_of(p.zero_point);
  const IntRange type = p.codes.is_signed() ? IntRange::signed_bits(8) : IntRange::unsigned_bits(8);
  const bool integral = std::ranges::all_of(zeros, [&](double z) {
    return z == std::floor(z) && z >= static_cast<double>(type.lo) && z <= static_cast<double>(type.hi);
  });
  if (!plain || !integral) return std::nullopt;
  if (p.scale.size() == 1 && zeros.size() == 1) return 0;
  if (!rank || (zeros.size() != 1 && zeros.size() != p.scale.size())) return std::nullopt;
  const auto missing = *rank - static_cast<int>(p.scale.shape.size());
  std::optional<std::int64_t> axis;
  for (std::size_t d = 0; d < p.scale.shape.size(); ++d) {
    if (p.scale.shape[d] == 1) continue;
    if (axis || missing < 0) return std::nullopt;
    axis = static_cast<std::int64_t>(d) + missing;
  }
  return axis;
}

void Exporter::linear_form(const onnxio::Node& node, const QuantParameters& p, std::int64_t axis) {
  Rewriter w(out_, node);
  const bool is_signed = p.codes.is_signed();
  const std::string type = is_signed ? "int8" : "uint8";
  const auto count = static_cast<std::int64_t>(p.scale.size());
  const std::vector<std::int64_t> shape = count == 1 ? std::vector<std::int64_t>{} : std::vector{count};
  std::vector<std::int64_t> zeros;
  const auto reals = reals_of(p.zero_point);
  for (std::int64_t i = 0; i < count; ++i) {
    zeros.push_back(static_cast<std::int64_t>(reals[reals.size() == 1 ? 0 : static_cast<std::size_t>(i)]));
  }
  const std::string scale = w.constant("scale", shape, reals_of(p.scale));
  const std::string zero = w.constant("zero_point", type, shape, zeros);
  const std::map<std::string, onnxio::Attribute> on_axis =
      count == 1 ? std::map<std::string, onnxio::Attribute>{}
                 : std::map<std::string, onnxio::Attribute>{{"axis", axis}};
  std::string codes = w.node("QuantizeLinear", {node.inputs[0], scale, zero}, on_axis);
  const IntRange whole = is_signed ? IntRange::signed_bits(8) : IntRange::unsigned_bits(8);
  if (!p.codes.contains(whole)) {
    codes = w.node(
        "Clip", {codes, w.constant("lo", type, {}, {p.codes.lo}), w.constant("hi", type, {}, {p.codes.hi})});
  }
  w.node("DequantizeLinear", {codes, scale, zero}, on_axis, true);
}

void Exporter::elementary_form(const onnxio::Node& node, const QuantParameters& p) {
  Rewriter w(out_, node);
  const std::string scale = w.constant("scale", p.scale.shape, reals_of(p.scale));
  const std::string zero = w.constant("zero_point", p.zero_point.shape, reals_of(p.zero_point));
  std::string x = w.node("Add", {w.node("Div", {node.inputs[0], scale}), zero});
  if (p.bits == 1 && p.codes.is_signed()) {
    const std::string positive = w.node("GreaterOrEqual", {x, w.scalar("threshold", 0)});
    x = w.node("Where", {positive, w.scalar("one", 1), w.scalar("minus_one", -1)});
  } else {
    x = w.node("Clip", {x, w.scalar("lo", static_cast<double>(p.codes.lo)),
                        w.scalar("hi", static_cast<double>(p.codes.hi))});
    x = rounded(w, x, p.rounding);
  }
  w.node("Mul", {w.node("Sub", {x, zero}), scale}, {}, true);
}

/// A constant as codes of 32 bits with their scale; false where it is none or the form does not apply.
bool Exporter::constant_form(const onnxio::Node& node, const QuantParameters& p) {
  const auto found = constants_.find(node.inputs[0]);
  if (found == constants_.end()) return false;
  const onnxio::Tensor& values = *found->second;
  const auto constant = codes_of_constant(values, p);
  if (!constant) return false;
  Rewriter w(out_, node);
  const auto count = static_cast<std::int64_t>(p.scale.size());
  const std::string codes = w.constant("codes", "int32", values.shape, constant->codes);
  const std::string scale =
      w.constant("scale", count == 1 ? std::vector<std::int64_t>{} : std::vector{count}, reals_of(p.scale));
  std::map<std::string, onnxio::Attribute> on_axis;
  if (count > 1) on_axis = {{"axis", constant->axis}};
  w.node("DequantizeLinear", {codes, scale}, on_axis, true);
  return true;
}

std::optional<Diagnostic> Exporter::int_quant(const onnxio::Node& node) {
  const auto p = parameters(node);
  if (!p) return p.errors().front();
  const auto axis = linear_axis(*p, ranks_.of(node.inputs[0]));
  if (axis) {
    linear_form(node, *p, *axis);
  } else if (!constant_form(node, *p)) {
    elementary_form(node, *p);
  }
  return std::nullopt;
}

std::optional<Diagnostic> Exporter::bipolar_quant(const onnxio::Node& node) {
  const auto scale = constant(node, 1, "the scale");
  if (!scale) return scale.errors().front();
  const QuantParameters sign{*scale, {"", {}, "float32", {}, {0}}, 1, {-1, 1}};
  if (constant_form(node, sign)) return std::nullopt;
  Rewriter w(out_, node);
  const std::string positive = w.node("GreaterOrEqual", {node.inputs[0], w.scalar("threshold", 0)});
  const std::string one = w.node("Where", {positive, w.scalar("one", 1), w.scalar("minus_one", -1)});
  w.node("Mul", {one, w.constant("scale", scale->shape, reals_of(*scale))}, {}, true);
  return std::nullopt;
}

std::optional<Diagnostic> Exporter::multi_threshold(const onnxio::Node& node) {
  const auto thresholds = constant(node, 1, "the threshold table");
  if (!thresholds) return thresholds.errors().front();
  const auto rank = ranks_.of(node.inputs[0]);
  if (!rank || *rank < 2 || thresholds->shape.size() != 2) {
    return make_diagnostic(diagnostics::kRank, node.name, {node.inputs[0]});
  }
  Rewriter w(out_, node);
  std::vector<std::int64_t> shape{1, thresholds->shape[0], thresholds->shape[1]};
  shape.insert(shape.end(), static_cast<std::size_t>(*rank - 2), 1);
  const std::string table = w.constant("thresholds", shape, reals_of(*thresholds));
  const std::string axis = w.constant("axis", "int64", {1}, {2});
  const std::string passed = w.node("GreaterOrEqual", {w.node("Unsqueeze", {node.inputs[0], axis}), table});
  const std::string ones = w.node("Cast", {passed}, {{"to", std::int64_t{1}}});
  const std::string count = w.node("ReduceSum", {ones, axis}, {{"keepdims", std::int64_t{0}}});
  const std::string scaled =
      w.node("Mul", {count, w.scalar("out_scale", attribute_or(node, "out_scale", 1.0))});
  w.node("Add", {scaled, w.scalar("out_bias", attribute_or(node, "out_bias", 0.0))}, {}, true);
  return std::nullopt;
}

std::optional<Diagnostic> Exporter::trunc(const onnxio::Node& node) {
  if (node.inputs.size() != 5) return make_diagnostic(diagnostics::kOperator, node.name, {"Trunc version 2"});
  const auto scale = constant(node, 1, "the scale");
  if (!scale) return scale.errors().front();
  const auto zero = constant(node, 2, "the zero point");
  if (!zero) return zero.errors().front();
  const auto in_bits = constant(node, 3, "the input width");
  if (!in_bits) return in_bits.errors().front();
  const auto out_bits = constant(node, 4, "the output width");
  if (!out_bits) return out_bits.errors().front();
  const auto mode = rounding_from_name(attribute_or<std::string>(node, "rounding_mode", "FLOOR"));
  if (!mode) return make_diagnostic(diagnostics::kAttribute, node.name, {"rounding_mode"});
  Rewriter w(out_, node);
  const std::string s = w.constant("scale", scale->shape, reals_of(*scale));
  const std::string z = w.constant("zero_point", zero->shape, reals_of(*zero));
  std::string x = w.node("Round", {w.node("Add", {w.node("Div", {node.inputs[0], s}), z})});
  const double factor = std::exp2(reals_of(*out_bits).front() - reals_of(*in_bits).front());
  x = rounded(w, w.node("Mul", {x, w.scalar("factor", factor)}), *mode);
  w.node("Mul", {w.node("Sub", {x, z}), s}, {}, true);
  return std::nullopt;
}

std::optional<Diagnostic> Exporter::rewrite(const onnxio::Node& node) {
  if (!is_qonnx_domain(node.domain)) {
    out_.nodes.push_back(node);
    return std::nullopt;
  }
  if (node.outputs.empty() || node.inputs.empty()) {
    return make_diagnostic(diagnostics::kOperator, node.name, {node.op_type});
  }
  if (node.op_type == "Quant" || node.op_type == "IntQuant") return int_quant(node);
  if (node.op_type == "BipolarQuant") return bipolar_quant(node);
  if (node.op_type == "MultiThreshold") return multi_threshold(node);
  if (node.op_type == "Trunc") return trunc(node);
  return make_diagnostic(diagnostics::kOperator, node.name, {node.op_type});
}

Result<onnxio::Model> Exporter::run() {
  const auto opset = in_.opsets.find("");
  const std::int64_t version = opset == in_.opsets.end() ? 0 : opset->second;
  if (version < kMinimumOpset) {
    return make_diagnostic(diagnostics::kOpset, in_.graph_name,
                           {std::to_string(version), std::to_string(kMinimumOpset)});
  }
  Diagnostics findings;
  for (const onnxio::Node& node : in_.nodes) {
    if (auto finding = rewrite(node)) findings.push_back(*finding);
  }
  if (!findings.empty()) return findings;
  std::erase_if(out_.opsets, [](const auto& entry) { return is_qonnx_domain(entry.first); });
  return out_;
}

}  // namespace

Result<onnxio::Model> to_qcdq(const onnxio::Model& model) {
  return Exporter(model).run();
}

}  // namespace bitmason::exporting
