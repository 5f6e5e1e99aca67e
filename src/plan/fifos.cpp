#include "plan/fifos.hpp"

#include <algorithm>
#include <cmath>

#include "plan/cost.hpp"
#include "plan/streams.hpp"

namespace bitmason::plan {

namespace {

/// Beats in flight in the pipelines of a branch, whatever its rows.
constexpr std::int64_t kPipelineBeats = 32;

/// Beats beside a burst: those that the converter behind the FIFO and its handshake hold back.
constexpr std::int64_t kBurstBeats = 8;

/// Rows of one layer's input against rows of its output, counted over all frames without end.
struct RowMap {
  std::int64_t in_height = 1;
  std::int64_t out_height = 1;
  std::int64_t up = 1;  ///< output rows per input row (Upsample, DepthToSpace)
  std::int64_t stride = 1;
  std::int64_t kernel = 1;
  std::int64_t pad = 0;
  std::int64_t slack = 0;  ///< rows taken beyond what the next output row needs

  /// Input rows that must have arrived before `count` output rows can leave.
  [[nodiscard]] std::int64_t needed(std::int64_t count) const {
    if (count == 0) return 0;
    const std::int64_t frame = (count - 1) / out_height;
    const std::int64_t row = (count - 1) % out_height / up;
    return frame * in_height + std::clamp<std::int64_t>(row * stride + kernel - pad, 1, in_height);
  }
  /// Output rows that `count` input rows allow.
  [[nodiscard]] std::int64_t produced(std::int64_t count) const {
    const std::int64_t frame = count / in_height;
    std::int64_t low = 0;
    std::int64_t high = out_height;
    while (low < high) {
      const std::int64_t middle = (low + high + 1) / 2;
      const bool possible = needed(frame * out_height + middle) <= count;
      (possible ? low : high) = possible ? middle : middle - 1;
    }
    return frame * out_height + low;
  }
};

RowMap row_map(const ir::Network& network, const ir::Layer& layer, const LayerPlan& plan) {
  RowMap map{.in_height = network.type(layer.inputs.front()).shape.height,
             .out_height = layer.type.shape.height};
  const auto window = [&](const ir::Window& w, std::int64_t rows) {
    map.stride = w.stride_h;
    map.kernel = w.kernel_h;
    map.pad = w.pad_top;
    map.slack = std::max<std::int64_t>(w.stride_h, rows - w.kernel_h);
  };
  if (plan.conv) {
    const ir::Window& w = std::get<ir::Conv>(layer.operation).window;
    // An engine with external weights holds two rows of results.
    window(w, plan.conv->line_rows + (plan.conv->external() ? 2 * w.stride_h : 0));
  }
  if (const auto* pool = std::get_if<ir::MaxPool>(&layer.operation)) window(pool->window, 0);
  if (const auto* pool = std::get_if<ir::SumPool>(&layer.operation)) window(pool->window, 0);
  if (const auto* deep = std::get_if<ir::SpaceToDepth>(&layer.operation)) {
    map.stride = map.kernel = map.slack = deep->block;
  }
  if (const auto* wide = std::get_if<ir::DepthToSpace>(&layer.operation)) {
    map.up = wide->block;
    map.slack = 1;
  }
  if (const auto* up = std::get_if<ir::Upsample>(&layer.operation)) {
    map.up = up->factor_h;
    map.slack = 1;
  }
  return map;
}

class Depths {
 public:
  Depths(const ir::Network& network, const std::vector<LayerPlan>& layers)
      : network_(network), layers_(layers), users_(layers.size()) {
    for (std::size_t k = 0; k < layers.size(); ++k) {
      const ir::Layer& layer = network.layers()[k];
      for (const ir::TensorId input : layer.inputs) ++users_[static_cast<std::size_t>(input.index)];
      maps_.push_back(layer.inputs.empty() ? RowMap{} : row_map(network, layer, layers[k]));
    }
    interval_ = std::max<std::int64_t>(1, interval_of(network, layers).value);
  }

  [[nodiscard]] std::vector<FifoPlan> run() const {
    std::vector<FifoPlan> fifos;
    for (std::size_t join = 0; join < layers_.size(); ++join) {
      const std::size_t inputs = network_.layers()[join].inputs.size();
      for (std::size_t k = 0; inputs > 1 && k < inputs; ++k) add(fifos, join, k);
      if (inputs == 1) add_border(fifos, join);
      if (inputs == 1) add_burst(fifos, join);
    }
    return fifos;
  }

 private:
  /// Rows of `source` that the branch from it to `target` may have taken when `count` rows of `target` have
  /// left; with `most`, the most its buffers take, otherwise the least it needs. -1 where there is no such
  /// branch.
  [[nodiscard]] std::int64_t taken(std::size_t source, std::size_t target, std::int64_t count,
                                   bool most) const;
  /// Rows of `target` that `count` rows of `source` allow.
  [[nodiscard]] std::int64_t produced(std::size_t source, std::size_t target, std::int64_t count) const;
  [[nodiscard]] std::int64_t rows_ahead(std::size_t join, std::size_t input) const;
  void add(std::vector<FifoPlan>& fifos, std::size_t join, std::size_t input) const;
  [[nodiscard]] std::int64_t busiest_before(std::size_t layer) const;
  void add_border(std::vector<FifoPlan>& fifos, std::size_t pool) const;
  [[nodiscard]] std::int64_t slowest_after(std::size_t layer) const;
  void add_burst(std::vector<FifoPlan>& fifos, std::size_t consumer) const;
  /// A FIFO of beats of `channels` channels.
  void put(std::vector<FifoPlan>& fifos, std::size_t consumer, std::size_t input, std::int64_t depth,
           int channels) const;

  const ir::Network& network_;
  const std::vector<LayerPlan>& layers_;
  std::vector<int> users_;  ///< edges that leave each layer
  std::vector<RowMap> maps_;
  std::int64_t interval_ = 1;
};

std::int64_t Depths::taken(std::size_t source, std::size_t target, std::int64_t count, bool most) const {
  // Layers are in topological order: propagate the demand from the target back to the source.
  std::vector<std::int64_t> rows(target + 1, -1);
  rows[target] = count;
  for (std::size_t k = target; k > source; --k) {
    if (rows[k] < 0) continue;
    // A window holds what the next row needs and its slack; other layers hold no row.
    const bool holds = most && maps_[k].slack > 0;
    const std::int64_t needed =
        holds ? maps_[k].needed(rows[k] + 1) + maps_[k].slack : maps_[k].needed(rows[k]);
    for (const ir::TensorId input : network_.layers()[k].inputs) {
      const auto index = static_cast<std::size_t>(input.index);
      rows[index] = std::max(rows[index], needed);
    }
  }
  return rows[source];
}

std::int64_t Depths::produced(std::size_t source, std::size_t target, std::int64_t count) const {
  std::vector<std::int64_t> rows(target + 1, -1);
  rows[source] = count;
  for (std::size_t k = source + 1; k <= target; ++k) {
    std::int64_t arrived = -1;
    for (const ir::TensorId input : network_.layers()[k].inputs) {
      const std::int64_t reached = rows[static_cast<std::size_t>(input.index)];
      arrived = std::max(arrived, reached);
    }
    if (arrived >= 0) rows[k] = maps_[k].produced(arrived);
  }
  return rows[target];
}

std::int64_t Depths::rows_ahead(std::size_t join, std::size_t input) const {
  const auto& inputs = network_.layers()[join].inputs;
  const auto own = static_cast<std::size_t>(inputs[input].index);
  std::int64_t most = 0;
  for (std::size_t source = 0; source <= own; ++source) {
    if (users_[source] < 2 || (source != own && taken(source, own, 1, false) < 0)) continue;
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      const auto other = static_cast<std::size_t>(inputs[k].index);
      // What the source sends directly is never behind.
      if (k == input || source >= other || taken(source, other, 1, false) < 0) continue;
      // Two frames show every alignment: what a branch takes ahead repeats with the frame.
      const std::int64_t height = maps_[join].in_height;
      for (std::int64_t row = 0; row < 2 * height; ++row) {
        const std::int64_t absorbed = taken(source, other, row, true);
        const std::int64_t ready = source == own ? absorbed : produced(source, own, absorbed);
        most = std::max(most, ready - row);
      }
    }
  }
  return most;
}

void Depths::add(std::vector<FifoPlan>& fifos, std::size_t join, std::size_t input) const {
  const std::int64_t rows = rows_ahead(join, input);
  if (rows <= 0) return;
  const auto producer = static_cast<std::size_t>(network_.layers()[join].inputs[input].index);
  const ir::TensorType& type = network_.layers()[producer].type;
  const int channels = layers_[producer].channels_per_beat;
  const std::int64_t beats_per_row = std::int64_t{type.shape.width} * type.shape.channels / channels;
  put(fifos, join, input, rows * beats_per_row + kPipelineBeats, channels);
}

/// Cycles of the slowest layer from which beats reach `layer` without a line buffer between, which would take
/// them while `layer` does not.
std::int64_t Depths::busiest_before(std::size_t layer) const {
  std::int64_t most = 0;
  for (const ir::TensorId input : network_.layers()[layer].inputs) {
    const auto producer = static_cast<std::size_t>(input.index);
    most = std::max({most, layers_[producer].cycles.value, stream_beats(network_, layers_, layer, input)});
    if (maps_[producer].slack == 0) most = std::max(most, busiest_before(producer));
  }
  return most;
}

void Depths::add_border(std::vector<FifoPlan>& fifos, std::size_t pool) const {
  const ir::Layer& layer = network_.layers()[pool];
  const auto* sum = std::get_if<ir::SumPool>(&layer.operation);
  const auto* max = std::get_if<ir::MaxPool>(&layer.operation);
  if (sum == nullptr && max == nullptr) return;
  const ir::Window& window = sum != nullptr ? sum->window : max->window;
  if (!window.has_padding()) return;
  const auto producer = static_cast<std::size_t>(layer.inputs.front().index);
  const ir::Shape& shape = network_.layers()[producer].type.shape;
  const std::int64_t groups = shape.channels / layers_[pool].channels_per_beat;
  const std::int64_t border_w = window.pad_left + window.pad_right;
  const std::int64_t blocked = layers_[pool].cycles.value - groups * shape.height * shape.width;
  if (busiest_before(pool) + blocked <= interval_) return;
  // The border rows of two frames meet, with the border columns beside them; within a frame the pool is
  // faster than its stream.
  const std::int64_t burst =
      ((window.pad_top + window.pad_bottom) * (shape.width + border_w) + 2 * border_w) * groups;
  // The FIFO stands behind the width converter: a converter without a cycle to spare must not stop either.
  const std::int64_t beats = groups * shape.height * shape.width;
  put(fifos, pool, 0, (beats * burst + interval_ - 1) / interval_ + 2, layers_[pool].channels_per_beat);
}

/// Most beats a frame that the layer or one behind it, without a line buffer between, takes.
std::int64_t Depths::slowest_after(std::size_t layer) const {
  std::int64_t most = 0;
  for (const ir::TensorId input : network_.layers()[layer].inputs) {
    most = std::max(most, stream_beats(network_, layers_, layer, input));
  }
  if (maps_[layer].slack > 0) return most;
  for (std::size_t user = layer + 1; user < layers_.size(); ++user) {
    for (const ir::TensorId input : network_.layers()[user].inputs) {
      if (static_cast<std::size_t>(input.index) == layer) most = std::max(most, slowest_after(user));
    }
  }
  return most;
}

void Depths::add_burst(std::vector<FifoPlan>& fifos, std::size_t consumer) const {
  const auto producer = static_cast<std::size_t>(network_.layers()[consumer].inputs.front().index);
  const RowMap& map = maps_[producer];
  if (layers_[producer].conv || map.stride < 2) return;
  const ir::Shape& in = network_.type(network_.layers()[producer].inputs.front()).shape;
  const ir::Shape& out = network_.layers()[producer].type.shape;
  // Cycles: of an input row before, of an output row behind, and what is left for one beside the rows that
  // make it.
  const double arrives = static_cast<double>(busiest_before(producer)) / in.height;
  const double takes = static_cast<double>(slowest_after(consumer)) / out.height;
  const double leaves =
      static_cast<double>(interval_) / out.height - static_cast<double>(map.stride - 1) * arrives;
  // Without a FIFO a pixel leaves while the last of its columns comes.
  const double before = arrives * (1 - static_cast<double>(out.width) / in.width);
  const double last = std::max(arrives * out.width / in.width, takes);
  if (before + last <= leaves) return;
  const int channels = layers_[producer].channels_per_beat;
  const double pixel = static_cast<double>(out.channels) / channels;
  const double held = pixel * out.width * std::max(0.0, 1 - std::max(0.0, leaves) / takes) + pixel;
  put(fifos, consumer, 0, static_cast<std::int64_t>(std::ceil(held)) + kBurstBeats, channels);
}

void Depths::put(std::vector<FifoPlan>& fifos, std::size_t consumer, std::size_t input, std::int64_t depth,
                 int channels) const {
  const auto producer = static_cast<std::size_t>(network_.layers()[consumer].inputs[input].index);
  const int width = channels * network_.layers()[producer].type.range.bits();
  fifos.push_back({.producer = layers_[producer].layer,
                   .consumer = layers_[consumer].layer,
                   .input = static_cast<int>(input),
                   .depth = static_cast<int>(depth),
                   .channels = channels,
                   .width = width,
                   .memory = fifo_memory(width, depth)});
}

}  // namespace

std::vector<FifoPlan> fifo_depths(const ir::Network& network, const std::vector<LayerPlan>& layers) {
  return Depths(network, layers).run();
}

}  // namespace bitmason::plan
