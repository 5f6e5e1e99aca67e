#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include "ir/scalar_function.hpp"

#include "plan/conv_geometry.hpp"
#include "plan/cost.hpp"
#include "plan/diagnostics.hpp"
#include "plan/external.hpp"
#include "plan/layer_variants.hpp"
#include "plan/multiplier_ports.hpp"
#include "plan/resources.hpp"
#include "plan/verify_beats.hpp"
#include "plan/verify_external.hpp"
#include "plan/verify_overlap.hpp"

namespace bitmason::plan {

namespace {

/// Independent of the search: states what a correct plan satisfies, from the network and the plan alone.
class Verification {
 public:
  Verification(const ir::Network& network, const device::Primitive& primitive, const Budget& budget,
               const Plan& plan)
      : network_(network), primitive_(primitive), budget_(budget), plan_(plan) {}

  Diagnostics run() && {
    if (plan_.layers.size() != network_.layers().size()) {
      report(diagnostics::kLayerCount, network_.name(),
             {std::to_string(plan_.layers.size()), std::to_string(network_.layers().size())});
      return std::move(findings_);
    }
    for (std::size_t k = 0; k < plan_.layers.size(); ++k) check_layer(network_.layers()[k], plan_.layers[k]);
    for (const FifoPlan& fifo : plan_.fifos) {
      if (fifo.depth >= 2) continue;
      report(diagnostics::kFifo, fifo.consumer,
             {fifo.producer, std::to_string(fifo.input), std::to_string(fifo.depth), "2"});
    }
    check_totals();
    return std::move(findings_);
  }

 private:
  void report(const DiagnosticKind& kind, std::string_view where,
              std::initializer_list<std::string> arguments) {
    findings_.push_back(make_diagnostic(kind, where, arguments));
  }
  void divides(const LayerPlan& plan, const char* what, int value, const char* of, int number) {
    if (value >= 1 && number % value == 0) return;
    report(diagnostics::kDivides, plan.layer, {what, std::to_string(value), of, std::to_string(number)});
  }
  void check_layer(const ir::Layer& layer, const LayerPlan& plan);
  void check_conv(const ir::Layer& layer, const LayerPlan& plan, const ConvPlan& conv);
  [[nodiscard]] bool is_for_primitive(const ConvPlan& conv) const;
  void check_packing(const LayerPlan& plan, const ConvPlan& conv, const ConvGeometry& geometry);
  void check_family(const LayerPlan& plan, const ConvPlan& conv, const ConvGeometry& geometry);
  void check_rows(const LayerPlan& plan, const ConvPlan& conv, const ConvGeometry& geometry);
  void check_requantise(const ir::Layer& layer, const LayerPlan& plan);
  void check_multiplier(const ir::Layer& layer, const LayerPlan& plan);
  void check_totals();

  const ir::Network& network_;
  const device::Primitive& primitive_;
  const Budget& budget_;
  const Plan& plan_;
  Diagnostics findings_;
};

void Verification::check_layer(const ir::Layer& layer, const LayerPlan& plan) {
  const std::size_t before = findings_.size();
  const bool convolves = plan.conv && std::holds_alternative<ir::Conv>(layer.operation);
  if (convolves) check_conv(layer, plan, *plan.conv);
  if (findings_.size() > before) return;
  if (const std::string fault = beat_fault(network_, layer, plan); !fault.empty())
    report(diagnostics::kBeat, plan.layer, {fault});
  if (convolves) return;
  const int taken = taken_per_beat(plan);
  for (const ir::TensorId input : layer.inputs) {
    if (findings_.size() > before) continue;
    const std::int64_t beats = network_.type(input).shape.elements() / taken;
    if (plan.cycles < Cycles(beats)) {
      report(diagnostics::kCycles, plan.layer, {std::to_string(plan.cycles.value), std::to_string(beats)});
    }
  }
  if (plan.scale_shift) check_requantise(layer, plan);
  if (plan.scale_in_dsp) check_multiplier(layer, plan);
}

void Verification::check_multiplier(const ir::Layer& layer, const LayerPlan& plan) {
  const auto* operation = std::get_if<ir::Requantise>(&layer.operation);
  if (operation == nullptr) return;
  const auto* form = std::get_if<ir::ScaleShift>(&operation->form);
  if (form == nullptr && plan.scale_shift) form = &*plan.scale_shift;
  if (form == nullptr) return;
  const ScaleBits bits = scale_bits(*form, network_.type(layer.inputs.front()).range);
  if (fits_multiplier(bits, primitive_)) return;
  report(diagnostics::kScaleInDsp, plan.layer,
         {std::to_string(bits.accumulator), std::to_string(bits.multiplier), primitive_.name});
}

void Verification::check_conv(const ir::Layer& layer, const LayerPlan& plan, const ConvPlan& conv) {
  const ConvGeometry geometry = geometry_of(network_, layer);
  const std::size_t before = findings_.size();
  divides(plan, "SIMD", conv.simd, "input channels", geometry.in.channels);
  divides(plan, "PE", conv.pe(), "output channels", geometry.out.channels);
  divides(plan, "kernel rows", conv.kernel_rows, "kernel height", geometry.window.kernel_h);
  const int lanes = conv.depthwise ? conv.kernel_rows : conv.simd * conv.kernel_rows;
  divides(plan, "chain", conv.chain, "lanes", lanes);
  check_packing(plan, conv, geometry);
  check_family(plan, conv, geometry);
  if (findings_.size() > before) return;
  if (conv.overlaps()) {
    const int output_bits = layer.type.range.united({-1, 0}).bits();
    const std::string fault = overlap_fault(conv, conv_steps(geometry, conv), output_bits);
    if (!fault.empty()) report(diagnostics::kFamily, plan.layer, {pack::to_text(conv.packing), fault});
  }
  check_rows(plan, conv, geometry);
  if (const std::string fault = external_fault(layer, plan, geometry, budget_.memory_port_bits);
      !fault.empty())
    report(diagnostics::kExternal, plan.layer, {fault});
  // Counted here: the planner's number would agree with itself.
  const std::int64_t multipliers =
      conv.fabric ? 0 : std::int64_t{conv.simd} * conv.kernel_rows * conv.columns * conv.pixel_groups;
  if (plan.dsps != Dsps(multipliers)) {
    report(diagnostics::kTotals, plan.layer,
           {std::to_string(plan.dsps.value), "DSPs", std::to_string(multipliers)});
  }
  const Cycles cycles = conv_cycles(geometry, conv);
  if (cycles != plan.cycles) {
    report(diagnostics::kCycles, plan.layer,
           {std::to_string(plan.cycles.value), std::to_string(cycles.value)});
  }
}

/// The whole multiplier, or those that modules split it into: the engine has such for outer products that are
/// read in every step.
bool Verification::is_for_primitive(const ConvPlan& conv) const {
  const pack::Packing& packing = conv.packing;
  if (packing.ports.cut_bits == 0) return packing.ports == ports_of(primitive_);
  const bool engine_can = packing.family == pack::Family::OuterProduct && !conv.overlaps() &&
                          !conv.depthwise && !conv.fabric && !pack::side_by_side_refusal(packing);
  const auto is_one_of = [&](const pack::MultiplierPorts& split) {
    return pack::one_of(packing).ports == split;
  };
  return engine_can && std::ranges::any_of(usable_split_ports_of(primitive_), is_one_of);
}

void Verification::check_packing(const LayerPlan& plan, const ConvPlan& conv, const ConvGeometry& geometry) {
  if (auto proved = pack::verify(conv.packing); !proved) {
    for (Diagnostic diagnostic : proved.errors()) {
      diagnostic.where = plan.layer + ", " + diagnostic.where;
      findings_.push_back(std::move(diagnostic));
    }
  }
  const int most = conv.accumulates() ? 1 : primitive_.cascade ? conv.packing.accumulations : 1;
  if (conv.chain > most) {
    report(diagnostics::kChain, plan.layer,
           {std::to_string(conv.chain), std::to_string(most),
            primitive_.cascade ? "the packing" : primitive_.name});
  }
  const auto holds = [&](const char* what, const IntRange& packed, const IntRange& needed) {
    if (packed.united({0, 0}).contains(needed)) return;
    report(diagnostics::kOperands, plan.layer,
           {what, std::to_string(packed.lo), std::to_string(packed.hi), std::to_string(needed.lo),
            std::to_string(needed.hi)});
  };
  holds("weights", conv.packing.weight, geometry.weight);
  const IntRange& codes = geometry.activation;
  if (conv.centre != 0 && geometry.centre(conv.packing.family) != conv.centre) {
    report(diagnostics::kFamily, plan.layer,
           {pack::to_text(conv.packing), fmt::format("codes less {} cannot be multiplied", conv.centre)});
  }
  holds("activations", conv.packing.activation, {codes.lo - conv.centre, codes.hi - conv.centre});
  if (!is_for_primitive(conv)) {
    report(diagnostics::kFamily, plan.layer,
           {pack::to_text(conv.packing), "it is made for another multiplier"});
  }
}

void Verification::check_family(const LayerPlan& plan, const ConvPlan& conv, const ConvGeometry& geometry) {
  const ir::Window& window = geometry.window;
  const auto refuse = [&](const char* why) {
    report(diagnostics::kFamily, plan.layer, {pack::to_text(conv.packing), why});
  };
  const auto weights = static_cast<int>(conv.packing.weight_offsets.size());
  if (conv.depthwise != geometry.depthwise) refuse("depthwise and dense are confused");
  if (conv.depthwise && conv.columns != 1) refuse("depthwise layers have one column");
  if (conv.packing.family == pack::Family::Convolution) {
    if (window.stride_w != 1) refuse("taps need stride 1");
    if (weights != window.kernel_w) refuse("all taps of a kernel row are needed");
    if (conv.fabric || conv.constants) refuse("LUTs multiply one weight and one pixel");
    return;
  }
  if (conv.fabric && (weights != 1 || conv.pixels() != 1 || conv.overlaps())) {
    refuse("LUTs multiply one weight and one pixel");
  }
  if (conv.constants && (!conv.fabric || conv.depthwise || conv.external() || window != ir::Window{} ||
                         conv.simd != geometry.in.channels || conv.columns != geometry.out.channels ||
                         conv.output_channels_per_beat != geometry.out.channels)) {
    refuse("constant weights need a kernel of one pixel and all channels in parallel");
  }
  if (conv.depthwise && weights != 1) refuse("depthwise layers multiply one weight");
  if (conv.pixels() > 1 && (window.kernel_w != 1 || window.stride_w != 1)) {
    refuse("several pixels need a kernel of width 1 and stride 1");
  }
}

void Verification::check_rows(const LayerPlan& plan, const ConvPlan& conv, const ConvGeometry& geometry) {
  const int needed = geometry.window.kernel_h;
  const bool fine = conv.line_rows >= needed && conv.line_rows % conv.kernel_rows == 0;
  if (!fine)
    report(diagnostics::kLineRows, plan.layer, {std::to_string(conv.line_rows), std::to_string(needed)});
}

void Verification::check_requantise(const ir::Layer& layer, const LayerPlan& plan) {
  const auto* operation = std::get_if<ir::Requantise>(&layer.operation);
  if (operation == nullptr || !std::holds_alternative<ir::Thresholds>(operation->form)) return;
  const auto& form = std::get<ir::Thresholds>(operation->form);
  const IntRange domain = network_.type(layer.inputs.front()).range;
  const ir::Requantise scaled{*plan.scale_shift};
  for (int channel = 0; channel < layer.type.shape.channels; ++channel) {
    // Both functions are monotone: equality on both sides of every threshold and at the ends is equality
    // everywhere.
    std::vector<std::int64_t> points{domain.lo, domain.hi};
    for (const std::int64_t threshold : form.row(form.rows == 1 ? 0 : channel)) {
      for (const std::int64_t point : {threshold - 1, threshold}) {
        if (domain.contains(point)) points.push_back(point);
      }
    }
    for (const std::int64_t point : points) {
      const std::int64_t expected = ir::requantise(*operation, point, channel);
      const std::int64_t got = ir::requantise(scaled, point, channel);
      if (expected == got) continue;
      report(diagnostics::kRequantise, plan.layer,
             {std::to_string(got), std::to_string(point), std::to_string(channel), std::to_string(expected)});
      return;
    }
  }
}

void Verification::check_totals() {
  Resources sum;
  Cycles slowest;
  for (const LayerPlan& layer : plan_.layers) {
    sum = sum + resources_of(layer);
    slowest = std::max(slowest, layer.cycles);
  }
  for (std::size_t k = 0; k < plan_.layers.size(); ++k) {
    const ir::Layer& layer = network_.layers()[k];
    const int sends = plan_.layers[k].channels_per_beat;
    const auto& conv = plan_.layers[k].conv;
    const std::int64_t silent =
        conv && conv->external() ? external_silence(geometry_of(network_, layer), *conv) : 0;
    slowest = std::max(slowest, Cycles(layer.type.shape.elements() / sends + silent));
    for (const ir::TensorId input : layer.inputs) {
      const LayerPlan& producer = plan_.layers[static_cast<std::size_t>(input.index)];
      const int narrowest = std::gcd(producer.channels_per_beat, taken_per_beat(plan_.layers[k]));
      slowest = std::max(slowest, Cycles(network_.type(input).shape.elements() / narrowest));
    }
  }
  slowest = std::max(slowest, traffic_cycles(budget_, sum.traffic));
  const auto stated = amounts_of(plan_.total);
  const auto added = amounts_of(sum);
  Resources most = budget_.limit;
  most.traffic = traffic_within(budget_, plan_.interval.value);
  most.luts = Luts(static_cast<std::int64_t>(static_cast<double>(most.luts.value) * budget_.lut_share));
  const auto limit = amounts_of(most);
  for (std::size_t r = 0; r < stated.size(); ++r) {
    const char* name = kResourceKinds[r].name;
    if (stated[r] != added[r]) {
      report(diagnostics::kTotals, network_.name(),
             {std::to_string(stated[r]), name, std::to_string(added[r])});
    }
    if (added[r] > limit[r]) {
      report(diagnostics::kOverBudget, network_.name(),
             {std::to_string(added[r]), name, std::to_string(limit[r])});
    }
  }
  // Handshakes may take longer than the slowest layer alone.
  if (plan_.interval < slowest) {
    report(diagnostics::kCycles, network_.name(),
           {std::to_string(plan_.interval.value), std::to_string(slowest.value)});
  }
}

}  // namespace

Status verify(const ir::Network& network, const device::Primitive& primitive, const Budget& budget,
              const Plan& plan) {
  Diagnostics findings = Verification(network, primitive, budget, plan).run();
  if (!findings.empty()) return findings;
  return success();
}

}  // namespace bitmason::plan
