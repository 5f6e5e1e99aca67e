#include "flow/plan_budget.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "flow/diagnostics.hpp"

namespace bitmason::flow {

namespace {

/// What is planned of the peak of memory and port: refresh, other masters and changes of pages take the rest.
constexpr double kBandwidthShare = 0.7;

double bandwidth_of(const device::Part& part, double clock_mhz) {
  const double port = part.memory_port_bits / 8.0 * clock_mhz * 1e6;
  return kBandwidthShare * std::min(port, part.memory_mbytes_per_second * 1e6);
}

Diagnostics wrong_numbers(const PlanRequest& request, const plan::Budget& budget) {
  Diagnostics findings;
  const auto positive = [&](const char* option, double value, const char* example) {
    if (value > 0 && value < 1e15) return;
    findings.push_back(make_diagnostic(diagnostics::kBadNumber, option,
                                       {fmt::format("{}", value), "above 0 and below 1e15", example}));
  };
  positive("--clock-mhz", budget.clock_mhz, "250");
  if (request.target_fps) positive("--target-fps", *request.target_fps, "1000");
  if (request.bandwidth) positive("--bandwidth", *request.bandwidth, "2000");
  for (const auto& [value, option] : {std::pair{request.dsps, "--dsps"},
                                      {request.luts, "--luts"},
                                      {request.brams, "--brams"},
                                      {request.urams, "--urams"}}) {
    if (!value || *value >= 0) continue;
    findings.push_back(
        make_diagnostic(diagnostics::kBadNumber, option, {std::to_string(*value), "0 or more", "100"}));
  }
  return findings;
}

}  // namespace

plan::Budget whole_part(const PlanRequest& request, const device::Part& part) {
  plan::Budget budget{.limit = {part.dsps, part.luts, part.flip_flops, part.bram18s, part.urams},
                      .clock_mhz = request.clock_mhz.value_or(part.clock_mhz),
                      .memory_port_bits = part.memory_port_bits,
                      .target_fps = request.target_fps};
  budget.bandwidth = bandwidth_of(part, budget.clock_mhz);
  budget.external = request.external_weights == "never"    ? plan::ExternalWeights::Never
                    : request.external_weights == "faster" ? plan::ExternalWeights::Faster
                                                           : plan::ExternalWeights::Needed;
  return budget;
}

Result<plan::Budget> budget_of(const PlanRequest& request, const device::Part& part) {
  plan::Budget budget = whole_part(request, part);
  if (Diagnostics findings = wrong_numbers(request, budget); !findings.empty()) return findings.front();
  if (request.dsps) budget.limit.dsps = std::min(budget.limit.dsps, Dsps(*request.dsps));
  if (request.luts) budget.limit.luts = std::min(budget.limit.luts, Luts(*request.luts));
  if (request.brams)
    budget.limit.bram18s = std::min(budget.limit.bram18s, Bram18s(2 * std::int64_t{*request.brams}));
  if (request.urams) budget.limit.urams = std::min(budget.limit.urams, Urams(*request.urams));
  if (request.bandwidth) budget.bandwidth = *request.bandwidth * 1e6;
  return budget;
}

}  // namespace bitmason::flow
