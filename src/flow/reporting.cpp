#include "flow/reporting.hpp"

#include <algorithm>

#include "plan/utilisation.hpp"

namespace bitmason::flow {

namespace {

/// True where the layer's values are exact sums.
bool accumulates(const ir::Operation& operation) {
  return std::holds_alternative<ir::Conv>(operation) || std::holds_alternative<ir::SumPool>(operation) ||
         std::holds_alternative<ir::Add>(operation);
}

report::Layer layer_row(const ir::Network& network, const ir::Layer& layer, const plan::LayerPlan& planned) {
  report::Layer row{.name = layer.name,
                    .kind = std::string(ir::kind_name(layer.operation)),
                    .bits = layer.type.range.bits(),
                    .pe = planned.channels_per_beat,
                    .simd = 1,
                    .cycles = planned.cycles.value,
                    .dsp = planned.dsps.value,
                    .lut = planned.luts.value,
                    .bram18 = planned.bram18s.value,
                    .ff = planned.flip_flops.value,
                    // The planner places nothing in URAM.
                    .uram = 0};
  for (const ir::TensorId input : layer.inputs)
    row.input_bits = std::max(row.input_bits.value_or(0), network.type(input).range.bits());
  if (accumulates(layer.operation)) row.accumulator_bits = row.bits;
  if (const auto* conv = std::get_if<ir::Conv>(&layer.operation))
    row.weight_bits = conv->weights.range.bits();
  if (planned.conv) {
    row.packing = pack::to_text(planned.conv->packing);
    row.pe = planned.conv->pe();
    row.simd = planned.conv->simd;
  }
  return row;
}

}  // namespace

report::Report planned_report(const PlannedNetwork& planned) {
  const plan::Plan& plan = planned.plan;
  const device::Part& part = planned.part;
  report::Report report{.network = planned.loaded.network.name(),
                        .part = part.name,
                        .clock_mhz = plan.clock_mhz,
                        .interval_planned = plan.interval.value};
  report.resources["dsp"] = {plan.total.dsps.value, {}, part.dsps.value};
  report.resources["lut"] = {plan.total.luts.value, {}, part.luts.value};
  report.resources["ff"] = {plan.total.flip_flops.value, {}, part.flip_flops.value};
  report.resources["bram18"] = {plan.total.bram18s.value, {}, part.bram18s.value};
  report.resources["uram"] = {plan.total.urams.value, {}, part.urams.value};
  const plan::Utilisation used =
      plan::utilisation(planned.loaded.network, planned.primitive, plan, plan.interval);
  if (!used.layers.empty()) {
    report.dsp_utilisation = {used.share, plan::kReferenceSideBits, used.requantise_dsps, used.lut_layers};
    report.sources["dsp_utilisation"] = "of the interval: estimated, bitmason plan, or simulated";
  }
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    report.layers.push_back(
        layer_row(planned.loaded.network, planned.loaded.network.layers()[i], plan.layers[i]));
  }
  for (const plan::FifoPlan& fifo : plan.fifos) {
    report.fifos.push_back({.producer = fifo.producer,
                            .consumer = fifo.consumer,
                            .input = fifo.input,
                            .depth = fifo.depth,
                            .width = fifo.width,
                            .mark = fifo.mark});
  }
  if (!plan.fifos.empty()) report.sources["fifos"] = "simulated, handshake model of bitmason plan";
  report.sources["interval_cycles.planned"] = "estimated, bitmason plan";
  report.sources["resources.estimated"] = "estimated, bitmason plan";
  report.sources["layers"] = "estimated, bitmason plan";
  report.sources["clock_mhz"] = "assumed, device data or --clock-mhz";
  return report;
}

}  // namespace bitmason::flow
