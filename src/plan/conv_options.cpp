#include "plan/conv_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "pack/solve.hpp"
#include "plan/constant_dots.hpp"
#include "plan/diagnostics.hpp"
#include "plan/external.hpp"
#include "plan/folding.hpp"
#include "plan/multiplier_ports.hpp"
#include "plan/operand_shapes.hpp"
#include "plan/overlapping.hpp"
#include "plan/wide_beats.hpp"

namespace bitmason::plan {

namespace {

/// Longer cascades save little and delay their last lane's operands by as many cycles.
constexpr int kLongestChain = 16;

class Enumeration {
 public:
  Enumeration(const ir::Network& network, const ir::Layer& layer, const device::Primitive& primitive,
              const Folding::Entry& folding, const Offer& offer)
      : layer_(layer),
        network_(network),
        memory_port_(offer.memory_port),
        geometry_(geometry_of(network, layer)),
        widths_(widths_of(network, layer)),
        folding_(folding),
        inputs_(finn_inputs(folding, geometry_)),
        cascade_(primitive.cascade),
        offer_{packing_problem(geometry_, ports_of(primitive)), usable_split_ports_of(primitive)} {}

  Result<std::vector<ConvOption>> run();

 private:
  [[nodiscard]] Diagnostics folding_errors(int most_pixels) const;
  void keep_nearest_inputs();
  void add_shape(const OperandShape& shape);
  void add_fold(const OperandShape& shape, int simd, int kernel_rows, int columns);
  void add_guarded(const OperandShape& shape, ConvPlan plan);
  /// The implementation, and those with more arrays and wider beats.
  void add(ConvPlan plan);
  void add_beats(ConvPlan plan);
  void add_option(ConvPlan plan);
  void add_constants(const OperandShape& shape, ConvPlan plan);

  const ir::Layer& layer_;
  const ir::Network& network_;
  int memory_port_;
  ConvGeometry geometry_;
  ConvWidths widths_;
  const Folding::Entry& folding_;
  std::optional<int> inputs_;  ///< FINN's SIMD, where the entry means that
  bool cascade_;
  PackingOffer offer_;
  std::vector<ConvOption> options_;
};

void Enumeration::add(ConvPlan plan) {
  if (folding_.pe && *folding_.pe != plan.pe()) return;
  const auto wanted = [&](int groups) { return folding_.pixel_groups.value_or(groups) == groups; };
  if (wanted(1)) add_beats(plan);
  for (const int groups : pixel_groups(geometry_, plan, widths_.output_bits)) {
    plan.pixel_groups = groups;
    if (wanted(groups)) add_beats(plan);
  }
}

/// Single pixels where one array works on a row; beats of several where the engine is faster than one pixel a
/// cycle.
void Enumeration::add_beats(ConvPlan plan) {
  if (plan.pixel_groups == 1) add_option(plan);
  const std::int64_t cycles = conv_cycles(geometry_, plan).value;
  const bool sends_fast = cycles < std::int64_t{geometry_.out.height} * geometry_.out.width;
  const bool takes_fast = cycles < std::int64_t{geometry_.in.height} * geometry_.in.width;
  for (const bool aligned : {false, true}) {
    if (aligned && !(sends_fast && can_align(geometry_, plan))) continue;
    plan.aligned = aligned;
    for (const int pixels : input_pixels(geometry_, plan)) {
      plan.input_pixels = pixels;
      if (pixels > 1 ? takes_fast : aligned) add_option(plan);
    }
  }
}

void Enumeration::add_option(ConvPlan plan) {
  plan.line_rows = line_rows(geometry_, plan);
  ConvOption option{.plan = std::move(plan), .cost = {}, .weights = {}, .line = {}};
  option.cycles = conv_cycles(geometry_, option.plan).value;
  option.weights = weight_shape(geometry_, option.plan, widths_);
  option.line = line_shape(geometry_, option.plan, widths_);
  option.cost = conv_logic_cost(geometry_, option.plan, widths_);
  if (memory_port_ > 0) {
    if (auto external = external_option(geometry_, option, widths_, memory_port_))
      options_.push_back(*std::move(external));
  }
  options_.push_back(std::move(option));
}

void Enumeration::add_fold(const OperandShape& shape, int simd, int kernel_rows, int columns) {
  ConvPlan plan;
  plan.depthwise = geometry_.depthwise;
  plan.columns = columns;
  plan.simd = simd;
  plan.kernel_rows = kernel_rows;
  plan.centre = shape.guarded_centre;
  if (shape.guarded) add_guarded(shape, plan);
  if (shape.guarded && shape.weights == 1 && shape.pixels == 1) {
    plan.fabric = true;
    add_guarded(shape, plan);
    add_constants(shape, plan);
    plan.fabric = false;
  }
  plan.chain = 1;
  for (const Overlapping& overlapping : shape.overlapping) {
    plan.packing = overlapping.packing;
    plan.centre = overlapping.centre;
    const auto share = drain_share(plan, conv_steps(geometry_, plan), widths_.output_bits);
    if (!share) continue;
    plan.share = *share;
    add(plan);
  }
}

void Enumeration::add_constants(const OperandShape& shape, ConvPlan plan) {
  if (plan.depthwise || plan.simd != geometry_.in.channels || plan.columns != geometry_.out.channels) return;
  if (folding_.pe && *folding_.pe != plan.columns) return;
  if (folding_.pixel_groups.value_or(1) != 1) return;
  const auto dots = constant_dots(network_, layer_);
  auto packing = guarded_packing(offer_, shape, shape.guarded_centre, 1);
  if (!dots || !packing) return;
  plan.packing = *std::move(packing);
  plan.constants = true;
  plan.centre = 0;
  plan.line_rows = line_rows(geometry_, plan);
  options_.push_back({.plan = plan,
                      .cycles = conv_cycles(geometry_, plan).value,
                      .cost = dots->cost,
                      .weights = {.count = 0},
                      .line = {.count = 0}});
}

void Enumeration::add_guarded(const OperandShape& shape, ConvPlan plan) {
  const int summed = geometry_.depthwise ? plan.kernel_rows : plan.simd * plan.kernel_rows;
  const std::vector<int> chains = divisors(summed);
  for (auto chain = chains.rbegin(); chain != chains.rend(); ++chain) {
    if (*chain > (cascade_ ? kLongestChain : 1)) continue;
    auto packing = guarded_packing(offer_, shape, shape.guarded_centre, *chain);
    if (!packing) continue;
    plan.packing = *std::move(packing);
    plan.chain = *chain;
    add(std::move(plan));
    return;
  }
}

void Enumeration::add_shape(const OperandShape& shape) {
  if (folding_.pixels && *folding_.pixels != shape.pixels) return;
  const bool outer = shape.family == pack::Family::OuterProduct;
  const int channels = geometry_.depthwise ? 1 : geometry_.out.channels / (outer ? shape.weights : 1);
  std::vector<int> row_choices{1};
  if (geometry_.window.kernel_h > 1) row_choices.push_back(geometry_.window.kernel_h);
  for (const int simd : divisors(geometry_.in.channels)) {
    if (folding_.simd && !inputs_ && *folding_.simd != simd) continue;
    for (const int kernel_rows : row_choices) {
      if (folding_.kernel_rows && *folding_.kernel_rows != kernel_rows) continue;
      for (const int columns : divisors(channels)) add_fold(shape, simd, kernel_rows, columns);
    }
  }
}

/// Keeps the options with the most inputs in parallel that FINN's SIMD allows.
void Enumeration::keep_nearest_inputs() {
  const auto inputs = [&](const ConvOption& option) { return parallel_inputs(geometry_, option.plan); };
  int best = 0;
  for (const ConvOption& option : options_) {
    if (inputs(option) <= *inputs_) best = std::max(best, inputs(option));
  }
  std::erase_if(options_, [&](const ConvOption& option) { return inputs(option) != best; });
}

Diagnostics Enumeration::folding_errors(int most_pixels) const {
  Diagnostics findings;
  const auto report = [&](const DiagnosticKind& kind, std::initializer_list<std::string> arguments) {
    findings.push_back(make_diagnostic(kind, layer_.name, arguments));
  };
  const auto divides = [&](std::optional<int> value, const char* name, int channels, const char* of) {
    if (!value || (*value >= 1 && channels % *value == 0)) return;
    report(diagnostics::kFoldingDivides, {name, std::to_string(*value), std::to_string(channels), of});
  };
  divides(folding_.pe, "PE", geometry_.out.channels, "output channels");
  if (!inputs_) divides(folding_.simd, "SIMD", geometry_.in.channels, "input channels");
  const int kernel_h = geometry_.window.kernel_h;
  if (folding_.kernel_rows && *folding_.kernel_rows != 1 && *folding_.kernel_rows != kernel_h) {
    report(diagnostics::kFoldingRows, {std::to_string(*folding_.kernel_rows), std::to_string(kernel_h)});
  }
  if (folding_.pixels && (*folding_.pixels < 1 || *folding_.pixels > most_pixels)) {
    report(diagnostics::kFoldingPixels,
           {std::to_string(*folding_.pixels), std::to_string(widths_.weight_bits),
            std::to_string(widths_.activation_bits), std::to_string(most_pixels)});
  }
  return findings;
}

Result<std::vector<ConvOption>> Enumeration::run() {
  const auto all = operand_shapes(geometry_, offer_);
  if (all.empty()) {
    return make_diagnostic(
        diagnostics::kNoPacking, layer_.name,
        {std::to_string(offer_.whole.weight.lo), std::to_string(offer_.whole.weight.hi),
         std::to_string(offer_.whole.activation.lo), std::to_string(offer_.whole.activation.hi),
         std::to_string(offer_.whole.ports.wide_bits), std::to_string(offer_.whole.ports.narrow_bits)});
  }
  int most_pixels = 1;
  for (const OperandShape& shape : all) most_pixels = std::max(most_pixels, shape.pixels);
  if (Diagnostics findings = folding_errors(most_pixels); !findings.empty()) return findings;
  for (const OperandShape& shape : all) add_shape(shape);
  if (inputs_) keep_nearest_inputs();
  if (options_.empty()) {
    std::string wanted;
    for (const auto& [name, number] : kFoldingNumbers) {
      if (const auto& value = folding_.*number)
        wanted += fmt::format("{}{} {}", wanted.empty() ? "" : ", ", name, *value);
    }
    return make_diagnostic(diagnostics::kFoldingNothing, layer_.name, {wanted});
  }
  return std::move(options_);
}

}  // namespace

std::vector<int> divisors(int number) {
  std::vector<int> small, large;
  for (int d = 1; std::int64_t{d} * d <= number; ++d) {
    if (number % d != 0) continue;
    small.push_back(d);
    if (d != number / d) large.push_back(number / d);
  }
  small.insert(small.end(), large.rbegin(), large.rend());
  return small;
}

Result<std::vector<ConvOption>> conv_options(const ir::Network& network, const ir::Layer& layer,
                                             const device::Primitive& primitive,
                                             const Folding::Entry& folding, const Offer& offer) {
  return Enumeration(network, layer, primitive, folding, offer).run();
}

}  // namespace bitmason::plan
