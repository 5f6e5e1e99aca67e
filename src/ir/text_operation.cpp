#include "ir/text_json_internal.hpp"

namespace bitmason::ir::text {

namespace {

constexpr std::int64_t kInt32Lo = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kInt32Hi = std::numeric_limits<std::int32_t>::max();

Json to_json(const Window& w) {
  return {{"kernel", {w.kernel_h, w.kernel_w}},
          {"stride", {w.stride_h, w.stride_w}},
          {"pad", {w.pad_top, w.pad_left, w.pad_bottom, w.pad_right}}};
}

Window read_window(const Node& node) {
  const auto at = [&](const char* key, std::size_t index) { return node[key][index].small(); };
  return {at("kernel", 0), at("kernel", 1), at("stride", 0), at("stride", 1),
          at("pad", 0),    at("pad", 1),    at("pad", 2),    at("pad", 3)};
}

std::string_view name_of(BlockOrder order) {
  return order == BlockOrder::DepthColumnRow ? "depth_column_row" : "column_row_depth";
}

BlockOrder read_order(const Node& node) {
  return node.choice({"depth_column_row", "column_row_depth"}) == 0 ? BlockOrder::DepthColumnRow
                                                                    : BlockOrder::ColumnRowDepth;
}

struct Write {
  Json& layer;

  void operator()(const Input&) const {}
  void operator()(const Conv& op) const {
    layer["window"] = to_json(op.window);
    layer["groups"] = op.groups;
    layer["pad_value"] = op.pad_value;
    if (!op.bias.empty()) layer["bias"] = op.bias;
    layer["weights"] = {
        {"shape",
         {op.weights.out_channels, op.weights.in_channels, op.weights.kernel_h, op.weights.kernel_w}},
        {"range", text::to_json(op.weights.range)},
        {"values", op.weights.values}};
  }
  void operator()(const MaxPool& op) const { layer["window"] = to_json(op.window); }
  void operator()(const SumPool& op) const {
    layer["window"] = to_json(op.window);
    layer["pad_value"] = op.pad_value;
  }
  void operator()(const Add& op) const {
    layer["multipliers"] = op.multipliers;
    layer["constant"] = op.constant;
  }
  void operator()(const Concat&) const {}
  void operator()(const SpaceToDepth& op) const { write_block(op.block, op.order); }
  void operator()(const DepthToSpace& op) const { write_block(op.block, op.order); }
  void operator()(const Upsample& op) const { layer["factor"] = {op.factor_h, op.factor_w}; }
  void operator()(const Requantise& op) const {
    layer["output"] = text::to_json(op.output());
    if (const auto* scale = std::get_if<ScaleShift>(&op.form)) {
      layer["scale_shift"] = {
          {"multiplier", scale->multiplier}, {"bias", scale->bias}, {"shift", scale->shift}};
    } else {
      const auto& form = std::get<Thresholds>(op.form);
      layer["thresholds"] = {{"rows", form.rows}, {"decreasing", form.decreasing}, {"values", form.values}};
    }
  }

 private:
  void write_block(int block, BlockOrder order) const {
    layer["block"] = block;
    layer["order"] = name_of(order);
  }
};

Conv read_conv(const Node& layer) {
  Conv op;
  op.window = read_window(layer["window"]);
  op.groups = layer["groups"].small();
  op.pad_value = layer["pad_value"].integer();
  if (layer.has("bias")) op.bias = layer["bias"].integers();
  const Node weights = layer["weights"];
  const Node shape = weights["shape"];
  const auto size = [&](std::size_t i) { return shape[i].small(); };
  op.weights = {size(0), size(1), size(2), size(3), {}, weights["range"].range()};
  op.weights.values = weights["values"].list(
      [](const Node& node) { return static_cast<std::int32_t>(node.integer(kInt32Lo, kInt32Hi)); });
  return op;
}

Requantise read_requantise(const Node& layer) {
  const IntRange output = layer["output"].range();
  if (layer.has("scale_shift")) {
    const Node form = layer["scale_shift"];
    return {
        ScaleShift{output, form["multiplier"].integers(), form["bias"].integers(), form["shift"].small()}};
  }
  const Node form = layer["thresholds"];
  Thresholds thresholds{output, form["rows"].small(), form["values"].integers(), {}};
  thresholds.decreasing =
      form["decreasing"].list([](const Node& node) { return static_cast<std::uint8_t>(node.integer(0, 1)); });
  return {thresholds};
}

Input read_input(const Node& layer) {
  const Node shape = layer["shape"];
  const auto size = [&](std::size_t i) { return shape[i].small(); };
  return {{{size(0), size(1), size(2)}, layer["range"].range()}};
}

}  // namespace

void write_operation(const Operation& operation, Json& layer) {
  layer["kind"] = kind_name(operation);
  std::visit(Write{layer}, operation);
}

Operation read_operation(const Node& layer) {
  const auto block = [&] { return layer["block"].small(); };
  switch (layer["kind"].choice({"input", "conv", "max_pool", "sum_pool", "add", "concat", "space_to_depth",
                                "depth_to_space", "upsample", "requantise"})) {
    case 0:
      return read_input(layer);
    case 1:
      return read_conv(layer);
    case 2:
      return MaxPool{read_window(layer["window"])};
    case 3:
      return SumPool{read_window(layer["window"]), layer["pad_value"].integer()};
    case 4:
      return Add{layer["multipliers"].integers(), layer["constant"].integer()};
    case 5:
      return Concat{};
    case 6:
      return SpaceToDepth{block(), read_order(layer["order"])};
    case 7:
      return DepthToSpace{block(), read_order(layer["order"])};
    case 8:
      return Upsample{layer["factor"][std::size_t{0}].small(), layer["factor"][std::size_t{1}].small()};
    default:
      return read_requantise(layer);
  }
}

}  // namespace bitmason::ir::text
