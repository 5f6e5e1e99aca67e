#include "plan/external.hpp"

#include <algorithm>

#include "plan/cost_internal.hpp"

namespace bitmason::plan {

namespace {

/// From a row's last step to its first result.
constexpr std::int64_t kPipelineCycles = 48;

/// Two blocks of 18 kbit: fewer weights stay on the part.
constexpr std::int64_t kFewestBits = 36864;
/// Cycles from a burst's request to its first beat that the FIFOs bridge, and beats of a burst.
constexpr std::int64_t kMemoryCycles = 100;
constexpr std::int64_t kOtherLayers = 8;

struct TurnShape {
  std::int64_t pixels = 0;  ///< of a result word
  std::int64_t blocks = 0;  ///< of a row that send results
};

/// As bm_conv counts them: the first sums of a row fall away, the last block sends some more.
TurnShape turn_shape_of(const ConvGeometry& geometry, const ConvPlan& plan) {
  const bool outer = plan.packing.family == pack::Family::OuterProduct;
  const std::int64_t np = plan.pixels();
  const std::int64_t blocks = ceil_div(geometry.columns(plan.packing.family), np);
  const ir::Window& window = geometry.window;
  const std::int64_t drop =
      outer ? 0 : window.kernel_w - 1 - (geometry.real_padding_columns ? 0 : window.pad_left);
  const std::int64_t last = drop + geometry.out.width - (blocks - 1) * np;
  const std::int64_t empty = std::min(drop / np, blocks - 1);
  return {.pixels = last > np || blocks == 1 ? last : np, .blocks = blocks - empty};
}

std::int64_t word_bits(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths) {
  return weight_shape(geometry, plan, widths).width;
}

/// Beats of the memory port that one word takes; several words may share one.
std::int64_t beats_of_word(std::int64_t word, std::int64_t port) {
  return std::max<std::int64_t>(1, ceil_div(word, port));
}

/// The layer's share of reading: FIFO, request, arbitration, words from beats, tiles and turn.
Resources reading_cost(const ConvPlan& plan, std::int64_t word, std::int64_t fifo) {
  const std::int64_t port = plan.memory_port;
  const auto parts = static_cast<double>(beats_of_word(word, port));
  const double choices = word < port ? static_cast<double>(word * (port / word)) / 4 : 0;
  const auto wide = static_cast<double>(word);
  return fabric(kCost.external_control + choices + wide * kCost.external_bit,
                kCost.external_control_ff + wide + (parts - 1) * static_cast<double>(port)) +
         fifo_cost(port, fifo, MemoryKind::Lut);
}

}  // namespace

ExternalLayout external_layout(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths) {
  const std::int64_t word = word_bits(geometry, plan, widths);
  const std::int64_t port = plan.memory_port;
  ExternalLayout layout{.words = weight_shape(geometry, plan, widths).depth};
  layout.beats = word > port ? layout.words * ceil_div(word, port) : ceil_div(layout.words, port / word);
  layout.bytes = layout.beats * port / 8;
  return layout;
}

std::int64_t external_fifo_depth(const ConvGeometry& geometry, const ConvPlan& plan,
                                 const ConvWidths& widths) {
  const ExternalLayout layout = external_layout(geometry, plan, widths);
  const std::int64_t row = conv_cycles(geometry, plan).value / geometry.out.height;
  const std::int64_t waiting = kMemoryCycles + kOtherLayers * kBurstBeats;
  const std::int64_t needed = ceil_div(layout.beats * waiting, row) + kBurstBeats;
  std::int64_t depth = 2 * kBurstBeats;
  while (depth < needed && depth < 256) depth *= 2;
  return depth;
}

std::int64_t external_silence(const ConvGeometry& geometry, const ConvPlan& plan) {
  return geometry.out.height * (kPipelineCycles + conv_steps(geometry, plan));
}

std::optional<ConvOption> external_option(const ConvGeometry& geometry, const ConvOption& option,
                                          const ConvWidths& widths, int port_bits) {
  const std::int64_t groups = geometry.out.channels / option.plan.pe();
  if (option.plan.depthwise || groups == 1 || option.weights.width * option.weights.depth < kFewestBits)
    return std::nullopt;
  ConvOption external = option;
  ConvPlan& plan = external.plan;
  plan.memory_port = port_bits;
  plan.line_rows = line_rows(geometry, plan);
  external.cycles = conv_cycles(geometry, plan).value;
  external.silent = external_silence(geometry, plan);
  external.line = line_shape(geometry, plan, widths);
  external.weights.depth = 2 * conv_steps(geometry, plan);
  const TurnShape turn = turn_shape_of(geometry, plan);
  external.turn = {
      .width = plan.pe() * turn.pixels * widths.output_bits, .depth = 2 * turn.blocks * groups, .count = 1};
  external.cost = conv_logic_cost(geometry, plan, widths) +
                  reading_cost(plan, option.weights.width, external_fifo_depth(geometry, plan, widths));
  external.cost.traffic = Bytes(external_layout(geometry, plan, widths).bytes * geometry.out.height);
  return external;
}

}  // namespace bitmason::plan
