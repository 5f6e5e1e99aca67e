#include "flow/planning.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/text.hpp"
#include "flow/device_access.hpp"
#include "flow/diagnostics.hpp"
#include "flow/flow.hpp"
#include "flow/located.hpp"
#include "flow/nearest_fit.hpp"
#include "flow/plan_budget.hpp"
#include "flow/plan_explanation.hpp"
#include "flow/plan_utilisation.hpp"
#include "hw/design.hpp"
#include "plan/resources.hpp"
#include "plan/search.hpp"
#include "timing/fit_fifos.hpp"
#include "timing/run.hpp"

namespace bitmason::flow {

namespace {

/// Whether one of the errors is of these.
bool has(const Diagnostics& errors, std::initializer_list<std::string_view> codes) {
  return std::ranges::any_of(
      errors, [&](const Diagnostic& error) { return std::ranges::find(codes, error.code) != codes.end(); });
}

/// What would help where the network does not fit or misses its target.
Diagnostics nearest(const FitQuestion& question, const Diagnostics& errors) {
  if (has(errors, {"BM-PLAN-001", "BM-PLAN-035"})) return nearest_fit(question);
  if (has(errors, {"BM-PLAN-003"})) return nearest_for_target(question);
  return {};
}

std::string conv_text(const plan::ConvPlan& conv) {
  const bool taps = conv.packing.family == pack::Family::Convolution;
  if (conv.constants) return fmt::format("PE {} SIMD {}, constant weights in LUTs", conv.pe(), conv.simd);
  std::string parallel =
      fmt::format("PE {} SIMD {} rows {} chain {}", conv.pe(), conv.simd, conv.kernel_rows, conv.chain);
  if (conv.pixel_groups > 1) parallel += fmt::format(", {} arrays side by side", conv.pixel_groups);
  if (conv.fabric) return parallel + ", multipliers in LUTs";
  return fmt::format("{}, {} {} x {} pixels/DSP", parallel, conv.packing.weight_offsets.size(),
                     taps ? "taps" : "channels", conv.packing.activation_offsets.size());
}

/// One line per FIFO.
std::string fifo_text(const plan::FifoPlan& fifo) {
  return fmt::format(
      "FIFO {} -> {} input {}: {} beats of {} bits, {:.1f} kbit in {}, mark {}, slack {} (simulated by the "
      "model)\n",
      fifo.producer, fifo.consumer, fifo.input, fifo.depth, fifo.width,
      static_cast<double>(fifo.bits()) / 1000, fifo.memory == plan::MemoryKind::Block ? "block RAM" : "LUTs",
      fifo.mark, fifo.depth - fifo.mark);
}

/// How much faster a plan could be at most; nothing where a target was asked for.
std::string gap_text(const plan::Plan& plan) {
  if (plan.bound.kind == plan::Bound::Kind::Target) return "";
  const std::string among =
      fmt::format("no plan of these implementations{}", plan.resident ? " with all weights on the part" : "");
  if (plan.lower_bound == plan.interval) return among + " is faster (proved)\n";
  return fmt::format("{} is faster than {} cycles (proved): gap {:.1f} %\n", among, plan.lower_bound.value,
                     100.0 * static_cast<double>(plan.interval.value - plan.lower_bound.value) /
                         static_cast<double>(plan.interval.value));
}

/// Which layers read their weights from external memory, and how much; empty where none does.
std::string external_text(const plan::Plan& plan, const plan::Budget& budget) {
  if (plan.total.traffic.value == 0) return "";
  std::vector<std::string> names;
  for (const plan::LayerPlan& layer : plan.layers) {
    if (layer.conv && layer.conv->external()) names.push_back(layer.layer);
  }
  const auto bytes = static_cast<double>(plan.total.traffic.value);
  const double per_second = bytes * plan.clock_mhz * 1e6 / static_cast<double>(plan.interval.value);
  return fmt::format(
      "weights of {} from external memory: {} bytes a frame, {:.0f} MB/s of {:.0f} (estimated)\n",
      joined(names), plan.total.traffic.value, per_second / 1e6, budget.bandwidth / 1e6);
}

/// The first names, and how many more there are.
std::string first_of(const std::vector<std::string>& names) {
  constexpr std::size_t kNamed = 4;
  if (names.size() <= kNamed + 1) return joined(names);
  return fmt::format("{} and {} more", joined({names.begin(), names.begin() + kNamed}),
                     names.size() - kNamed);
}

/// One line that says what keeps the interval from being shorter. `fixed`: by a folding file.
std::string bound_text(const plan::Bound& bound, const std::string& primitive, bool fixed) {
  const std::string layers = first_of(bound.layers);
  switch (bound.kind) {
    case plan::Bound::Kind::Target:
      return fmt::format("bound by the target; slowest: {}\n", layers);
    case plan::Bound::Kind::InputStream:
      return fmt::format(
          "bound by the stream of {}, whose beats cannot be wider; more of the part would not help\n",
          layers);
    case plan::Bound::Kind::Layers:
      return fmt::format(
          "bound by {}, which has no faster implementation with {}{}; more of the part would not help\n",
          layers, primitive, fixed ? " as the folding file fixes it" : "");
    default:
      break;
  }
  std::string missing;
  for (const plan::Shortage& s : bound.missing) {
    const auto kind = std::ranges::find(plan::kResourceKinds, s.resource,
                                        [](const plan::ResourceKind& k) { return std::string(k.key); });
    missing += fmt::format("{}{} {} where {} may be used", missing.empty() ? "" : ", ", s.needed, kind->name,
                           s.usable);
  }
  return fmt::format("bound by {}: the nearest selection found for {} cycles needs {} (estimated)\n", layers,
                     bound.next.value, missing);
}

bool is_fixed(const plan::Folding& folding) {
  return !folding.layers.empty() || !folding.defaults.empty();
}

/// What the user should know of the estimates of this part; empty where they are fitted to its synthesis.
std::string estimates_note(const device::Part& part) {
  if (part.synthesis.starts_with("synth_xilinx")) return "";
  return "LUTs and memories are estimated as of UltraScale+; this family may need two or three times as "
         "many: "
         "build with --synth and read its notes";
}

/// The plan with the least FIFOs, verified. They may be more than the safe ones where these do not keep the
/// interval; where the part has no room for that, and where weights come from external memory, the safe ones
/// stay. Errors: also those of a plan with more FIFOs than fit, where the design does not move without.
Result<plan::Plan> fitted_plan(const ir::Network& network, const PartAndPrimitive& found,
                               const plan::Budget& budget, plan::Plan safe) {
  if (safe.total.traffic.value > 0) {
    // The handshakes of external memory are not known.
    if (auto checked = plan::verify(network, found.primitive, budget, safe); !checked)
      return checked.errors();
    return safe;
  }
  auto fitted = timing::fit_fifos(network, safe, found.part, found.primitive);
  if (!fitted) return fitted.errors();
  fitted->cost = plan::share_prices(budget, fitted->interval.value).of(fitted->total);
  fitted->cost_bound = std::min(fitted->cost, fitted->cost_bound);
  const Status fits = plan::verify(network, found.primitive, budget, *fitted);
  if (fits) return fitted;
  const auto design = hw::lower(network, safe, found.part, found.primitive);
  if (!design) return design.errors();
  if (timing::run(*design, {}).stuck) return fits.errors();
  if (auto checked = plan::verify(network, found.primitive, budget, safe); !checked) return checked.errors();
  safe.notes.emplace_back(
      "the FIFOs that keep the interval do not fit; the interval may be longer than planned");
  return safe;
}

/// A faster plan, or one at all, chosen as if FIFOs cost nothing, where the least ones then fit: the safe
/// ones by which selections are priced may be much deeper. Nothing where there is none.
std::optional<plan::Plan> with_least_fifos(const ir::Network& network, const PartAndPrimitive& found,
                                           plan::Budget budget, const plan::Folding& folding,
                                           const Result<plan::Plan>& solved) {
  if (solved && (budget.target_fps || solved->interval <= solved->lower_bound)) return std::nullopt;
  budget.free_fifos = true;
  const auto bold = plan::solve(network, found.part, found.primitive, budget, folding);
  if (!bold || bold->fifos.empty() || bold->total.traffic.value > 0) return std::nullopt;
  if (solved && bold->interval >= solved->interval) return std::nullopt;
  auto fitted = timing::fit_fifos(network, *bold, found.part, found.primitive);
  budget.free_fifos = false;
  if (!fitted || !plan::verify(network, found.primitive, budget, *fitted)) return std::nullopt;
  fitted->cost = plan::share_prices(budget, fitted->interval.value).of(fitted->total);
  fitted->cost_bound = std::min(fitted->cost, fitted->cost_bound);
  return *std::move(fitted);
}

}  // namespace

Result<PlannedNetwork> make_plan(const PlanRequest& request) {
  auto found = find_part(request.data, request.part);
  if (!found) return found.errors();
  const auto budget = budget_of(request, found->part);
  if (!budget) return budget.errors();
  plan::Folding folding;
  if (request.folding_in) {
    const auto text = read_file(*request.folding_in);
    if (!text) return text.errors();
    auto parsed = plan::parse_folding(*text);
    if (!parsed) return located(parsed.errors(), *request.folding_in);
    folding = std::move(*parsed);
  }
  auto loaded = load_network(request.network);
  if (!loaded) return loaded.errors();
  auto solved = plan::solve(loaded->network, found->part, found->primitive, *budget, folding);
  auto bold = with_least_fifos(loaded->network, *found, *budget, folding, solved);
  if (!solved && !bold) {
    Diagnostics errors = solved.errors();
    const Diagnostics help = nearest({request, *found, loaded->network, *budget, folding}, errors);
    errors.insert(errors.end(), help.begin(), help.end());
    return errors;
  }
  auto fitted = bold ? Result<plan::Plan>(*std::move(bold))
                     : fitted_plan(loaded->network, *found, *budget, *std::move(solved));
  if (!fitted) return fitted.errors();
  if (request.folding_out) {
    auto written = write_file(*request.folding_out, plan::to_json(plan::folding_of(*fitted)));
    if (!written) return written.errors();
  }
  if (const std::string note = estimates_note(found->part); !note.empty()) fitted->notes.push_back(note);
  return PlannedNetwork{
      std::move(*loaded), std::move(found->part), std::move(found->primitive), *std::move(fitted), *budget,
      std::move(folding)};
}

std::string plan_table(const PlannedNetwork& planned) {
  const plan::Plan& plan = planned.plan;
  std::string text = fmt::format("{:<20} {:<14} {:>9} {:>5} {:>7} {:>7}  {}\n", "layer", "kind", "cycles",
                                 "DSP", "LUT", "BRAM18", "parallelism");
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    const plan::LayerPlan& layer = plan.layers[i];
    text += fmt::format(
        "{:<20} {:<14} {:>9} {:>5} {:>7} {:>7}  {}\n", layer.layer,
        ir::kind_name(planned.loaded.network.layers()[i].operation), layer.cycles.value, layer.dsps.value,
        layer.luts.value, layer.bram18s.value,
        layer.conv ? conv_text(*layer.conv) : fmt::format("{} channels a beat", layer.channels_per_beat));
  }
  for (const plan::FifoPlan& fifo : plan.fifos) text += fifo_text(fifo);
  const plan::Resources& limit = planned.budget.limit;
  text += fmt::format("total (estimated): {} of {} DSP, {} of {} LUT, {} of {} FF, {} of {} BRAM18\n",
                      plan.total.dsps.value, limit.dsps.value, plan.total.luts.value, limit.luts.value,
                      plan.total.flip_flops.value, limit.flip_flops.value, plan.total.bram18s.value,
                      limit.bram18s.value);
  if (plan.total.urams.value > 0)
    text += fmt::format("{} of {} URAM (estimated)\n", plan.total.urams.value, limit.urams.value);
  text += external_text(plan, planned.budget);
  text +=
      fmt::format("interval {} cycles (estimated), {} frames/s at {} MHz ({} clock)\n", plan.interval.value,
                  rate_text(plan.clock_mhz * 1e6 / static_cast<double>(plan.interval.value)), plan.clock_mhz,
                  plan.clock_mhz == planned.part.clock_mhz ? "assumed" : "given");
  text += bound_text(plan.bound, planned.primitive.name, is_fixed(planned.folding));
  text += gap_text(plan);
  text += fmt::format(
      "cost {:.3f} as the sum of shares of the part; none of this interval costs less than {:.3f} (proved)\n",
      plan.cost, plan.cost_bound);
  for (const std::string& note : plan.notes) text += "note: " + note + "\n";
  return text;
}

Result<Document> plan(const PlanRequest& request) {
  const auto planned = make_plan(request);
  if (!planned) return planned.errors();
  const Document document = with_utilisation(*planned, {plan_table(*planned), plan::to_json(planned->plan)});
  if (!request.explain) return document;
  return explained(*planned, document);
}

}  // namespace bitmason::flow
