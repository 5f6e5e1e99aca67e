#include "flow/nearest_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"
#include "base/text.hpp"
#include "device/device.hpp"
#include "flow/diagnostics.hpp"
#include "flow/plan_budget.hpp"
#include "plan/misfit.hpp"

namespace bitmason::flow {

namespace {

using Json = nlohmann::ordered_json;

double frames_per_second(double clock_mhz, const plan::Plan& plan) {
  return clock_mhz * 1e6 / static_cast<double>(plan.interval.value);
}

Diagnostic told(const DiagnosticKind& kind, const ir::Network& network,
                std::initializer_list<std::string> arguments, const Json& details) {
  Diagnostic diagnostic = make_diagnostic(kind, network.name(), arguments);
  diagnostic.details = json_text(details);
  return diagnostic;
}

/// A part with all that it has, as fast as it goes or at the target; nothing where the network does not fit
/// it.
std::optional<plan::Plan> on_whole(const FitQuestion& question, const device::Part& part,
                                   const device::Primitive& primitive,
                                   std::optional<double> target_fps = std::nullopt) {
  plan::Budget budget = whole_part(question.request, part);
  budget.target_fps = target_fps;
  const auto fits = plan::fits_at_all(question.network, primitive, budget, question.folding);
  if (!fits || !*fits) return std::nullopt;
  auto plan = plan::solve(question.network, part, primitive, budget, question.folding);
  return plan ? std::optional(*std::move(plan)) : std::nullopt;
}

/// The options by which the user asks for less than the part, "--dsps, --luts".
std::string limits_of(const PlanRequest& request) {
  std::vector<std::string> given;
  for (const auto& [is_given, name] : {std::pair{request.dsps.has_value(), "--dsps"},
                                       {request.luts.has_value(), "--luts"},
                                       {request.brams.has_value(), "--brams"},
                                       {request.urams.has_value(), "--urams"},
                                       {request.bandwidth.has_value(), "--bandwidth"}}) {
    if (is_given) given.emplace_back(name);
  }
  return joined(given);
}

std::optional<Diagnostic> without_limits(const FitQuestion& question) {
  const std::string limits = limits_of(question.request);
  if (limits.empty()) return std::nullopt;
  const auto& [part, primitive] = question.asked;
  const auto plan = on_whole(question, part, primitive);
  if (!plan) return std::nullopt;
  const double clock = question.budget.clock_mhz;
  const double fps = frames_per_second(clock, *plan);
  return told(
      diagnostics::kNearestLimits, question.network,
      {part.name, std::to_string(plan->interval.value), rate_text(fps), fmt::format("{:g}", clock), limits},
      {{"part", part.name},
       {"limits", limits},
       {"interval_cycles", plan->interval.value},
       {"clock_mhz", clock},
       {"frames_per_second", fps}});
}

std::vector<const device::Part*> by_size(const device::Database& database) {
  std::vector<const device::Part*> parts;
  for (const device::Part& part : database.parts) parts.push_back(&part);
  std::ranges::stable_sort(parts, {}, [](const device::Part* part) { return part->luts; });
  return parts;
}

/// The smallest part on which it fits, or reaches the target; nothing where there is none.
std::optional<Diagnostic> smallest_part(const FitQuestion& question, const device::Database& database,
                                        const DiagnosticKind& kind, std::optional<double> target_fps) {
  for (const device::Part* part : by_size(database)) {
    const device::Primitive* primitive = database.find_primitive(part->primitive);
    const auto plan = primitive == nullptr ? std::nullopt : on_whole(question, *part, *primitive, target_fps);
    if (!plan) continue;
    const double clock = plan->clock_mhz;
    const double fps = frames_per_second(clock, *plan);
    return told(kind, question.network,
                {part->name, std::to_string(plan->interval.value), rate_text(fps), fmt::format("{:g}", clock),
                 part->name},
                {{"part", part->name},
                 {"interval_cycles", plan->interval.value},
                 {"clock_mhz", clock},
                 {"frames_per_second", fps}});
  }
  return std::nullopt;
}

Diagnostic nearest_part(const FitQuestion& question, const device::Database& database) {
  if (auto found = smallest_part(question, database, diagnostics::kNearestPart, std::nullopt))
    return *std::move(found);
  return told(diagnostics::kNoPart, question.network, {std::to_string(database.parts.size())},
              {{"part", nullptr}, {"known_parts", database.parts.size()}});
}

Diagnostic nearest_width(const FitQuestion& question) {
  constexpr int kWidest = 16;
  const std::string& part = question.asked.part.name;
  plan::Budget budget = question.budget;
  budget.target_fps.reset();
  const auto fits = [&](const ir::Network& network) {
    const auto any = plan::fits_at_all(network, question.asked.primitive, budget, question.folding);
    return any && *any;
  };
  const auto narrowest = plan::with_narrower_weights(question.network, 1);
  for (int bits = narrowest && fits(*narrowest) ? kWidest : 0; bits >= 1; --bits) {
    const auto narrower = plan::with_narrower_weights(question.network, bits);
    if (!narrower || !fits(*narrower)) continue;
    const auto plan =
        plan::solve(*narrower, question.asked.part, question.asked.primitive, budget, question.folding);
    if (!plan) continue;
    const double fps = frames_per_second(question.budget.clock_mhz, *plan);
    return told(
        diagnostics::kNearestWidth, question.network,
        {part, fmt::format("{} bit{}", bits, bits == 1 ? "" : "s"), std::to_string(plan->interval.value),
         rate_text(fps), fmt::format("{:g}", question.budget.clock_mhz)},
        {{"part", part},
         {"weight_bits", bits},
         {"interval_cycles", plan->interval.value},
         {"frames_per_second", fps}});
  }
  return told(diagnostics::kNoWidth, question.network, {part}, {{"part", part}, {"weight_bits", nullptr}});
}

}  // namespace

Diagnostics nearest_for_target(const FitQuestion& question) {
  const auto database = device::load_database(question.request.data.devices());
  if (!database) return database.errors();
  const auto found =
      smallest_part(question, *database, diagnostics::kNearestTarget, question.budget.target_fps);
  if (found) return {*found};
  return {told(diagnostics::kNoTarget, question.network, {std::to_string(database->parts.size())},
               {{"part", nullptr}, {"known_parts", database->parts.size()}})};
}

Diagnostics nearest_fit(const FitQuestion& question) {
  if (auto limited = without_limits(question)) return {*std::move(limited), nearest_width(question)};
  const auto database = device::load_database(question.request.data.devices());
  if (!database) return database.errors();
  return {nearest_part(question, *database), nearest_width(question)};
}

}  // namespace bitmason::flow
