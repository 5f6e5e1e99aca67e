#include <fmt/format.h>

#include "flow/diagnostics.hpp"
#include "flow/flow.hpp"
#include "flow/open_design.hpp"
#include "flow/synthesis.hpp"
#include "flow/workbench.hpp"

namespace bitmason::flow {

namespace {

void record(report::Report& report, const verify::SynthesisResult& result) {
  const auto put = [&](const char* name, std::int64_t value) { report.resources[name].synthesised = value; };
  put("dsp", result.total.dsps.value);
  put("lut", result.total.luts.value);
  put("ff", result.total.flip_flops.value);
  put("bram18", result.total.bram18s.value);
  put("uram", result.total.urams.value);
  report.depth = report::Depth{result.worst.depth.levels, result.worst.depth.carry_bits, result.worst.from,
                               result.worst.to};
  for (const verify::InstanceResources& instance : result.instances) {
    report.modules.push_back({.name = instance.name,
                              .module = instance.module,
                              .layer = instance.layer,
                              .dsp = instance.resources.dsps.value,
                              .lut = instance.resources.luts.value,
                              .ff = instance.resources.flip_flops.value,
                              .bram18 = instance.resources.bram18s.value});
  }
  for (const char* group : {"resources.synthesised", "depth", "modules"}) {
    report.sources[group] = "synthesised, " + result.tool;
  }
  for (const std::string& misfit : report.misfits()) report.notes.push_back(misfit);
  if (!result.meets_rule) {
    report.notes.push_back(
        fmt::format("the worst path has {} LUT levels and {} carry bits, beyond the clock rule "
                    "(at most 6 levels without a carry, or 3 with a carry of at most 24 bits)",
                    result.worst.depth.levels, result.worst.depth.carry_bits));
  }
  for (const std::string& dsp : result.unregistered_dsps) {
    report.notes.push_back("DSP " + dsp + " does not use all of its input, M and P registers");
  }
}

/// What an earlier run measured must not outlive a later failure.
void forget(report::Report& report) {
  for (auto& [name, resource] : report.resources) resource.synthesised.reset();
  report.depth.reset();
  report.modules.clear();
  report.notes.clear();
  for (const char* group : {"resources.synthesised", "depth", "modules"}) report.sources.erase(group);
}

}  // namespace

Result<verify::SynthesisResult> synthesise_design(OpenDesign& design, const VerifyRequest& request,
                                                  const Progress& progress) {
  forget(design.report);
  progress("synthesising with Yosys");
  auto result = verify::synthesise(
      design.files, {.workbench = workbench_of(request.data, cache_of(request.cache, request.design)),
                     .progress = progress});
  if (result) record(design.report, *result);
  return result;
}

Result<Document> synthesise(const VerifyRequest& request, const Progress& progress) {
  auto design = open_design(request.design);
  if (!design) return design.errors();
  const auto result = synthesise_design(*design, request, progress);
  if (auto written = report::write_report(request.design, design->report); !written) return written.errors();
  if (!result) return result.errors();
  return report(request.design);
}

}  // namespace bitmason::flow
