#include <fmt/format.h>

#include <algorithm>

#include "base/file.hpp"
#include "flow/diagnostics.hpp"
#include "flow/flow.hpp"
#include "flow/liveness.hpp"
#include "flow/netlist_verdict.hpp"
#include "flow/open_design.hpp"
#include "flow/synthesis.hpp"
#include "flow/verification.hpp"
#include "flow/verification_frames.hpp"
#include "flow/workbench.hpp"
#include "report/report.hpp"
#include "verify/cosimulation.hpp"
#include "verify/netlist_check.hpp"

namespace bitmason::flow {

namespace {

std::string digest(const Frames& frames) {
  std::string bytes;
  for (const auto& frame : frames) {
    for (const auto& codes : frame) {
      for (const std::int64_t code : codes) bytes += std::to_string(code) + ",";
    }
  }
  return sha256_hex(bytes);
}

void forget(report::Report& report, const std::string& level) {
  report.exact.erase(level);
  report.sources.erase("exact." + level);
  if (level != "rtl") return;
  report.interval_simulated.reset();
  for (report::Fifo& fifo : report.fifos) fifo.mark_simulated.reset();
  report.sources.erase("fifos.simulated");
  report.latency.reset();
  report.sources.erase("interval_cycles.simulated");
  report.sources.erase("latency_cycles");
}

/// The fast engine against the reference, every tensor of every frame.
Status check_engine(OpenDesign& design, const VerificationFrames& frames, const Progress& progress) {
  forget(design.report, "engine");
  progress("comparing the fast engine with the reference");
  sim::Engine engine(design.network, {.keep_all = true});
  report::Exactness exact{.equal = true,
                          .frames = static_cast<std::int64_t>(frames.frames.size()),
                          .input_sha256 = digest(frames.frames),
                          .input = frames.origin};
  std::string difference;
  for (const auto& frame : frames.frames) {
    const sim::Trace expected = sim::run_reference(design.network, frame);
    const sim::Trace got = engine.run(frame);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      exact.values += static_cast<std::int64_t>(expected[i].size());
      if (got[i] != expected[i] && difference.empty())
        difference = "layer " + design.network.layers()[i].name;
    }
  }
  exact.equal = difference.empty();
  design.report.exact["engine"] = exact;
  design.report.sources["exact.engine"] = "simulated, fast engine against the reference";
  if (exact.equal) return success();
  return make_diagnostic(diagnostics::kNotEqual, design.files.folder.string(),
                         {"the fast engine", difference});
}

report::Exactness rtl_exactness(const verify::CosimulationResult& result, const std::string& origin) {
  report::Exactness exact{.equal = result.equal,
                          .frames = static_cast<std::int64_t>(result.frames),
                          .values = result.values,
                          .input_sha256 = result.input_sha256,
                          .input = origin};
  for (const verify::CosimulationRun& run : result.runs)
    exact.runs.push_back({run.name, run.equal, static_cast<std::int64_t>(run.frames)});
  return exact;
}

/// The fill of every FIFO in the run without stalls.
void note_marks(OpenDesign& design, const verify::CosimulationResult& result) {
  for (std::size_t k = 0; k < result.fifo_marks.size(); ++k) {
    const verify::FifoFacts& built = design.files.fifos[k];
    for (report::Fifo& fifo : design.report.fifos) {
      if (fifo.consumer != built.consumer || fifo.input != built.input) continue;
      fifo.mark_simulated = result.fifo_marks[k];
      design.report.sources["fifos.simulated"] = design.report.sources["exact.rtl"];
    }
  }
}

Status check_rtl(OpenDesign& design, const VerificationFrames& frames, const VerifyRequest& request,
                 const Progress& progress) {
  const verify::Workbench workbench = workbench_of(request.data, cache_of(request.cache, request.design));
  forget(design.report, "rtl");
  progress("linting with Verilator");
  const auto findings = verify::lint(design.files, workbench);
  if (!findings) return findings.errors();
  if (!findings->empty()) {
    return make_diagnostic(diagnostics::kLint, design.files.folder.string(),
                           {findings->substr(0, findings->find_last_not_of('\n') + 1)});
  }
  progress(
      fmt::format("simulating {} frames in Verilator, without stalls, with stalls (two seeds) and after a "
                  "reset in mid-frame",
                  frames.frames.size()));
  sim::Engine engine(design.network, {.keep_all = true});
  const auto result =
      verify::cosimulate(design.files, design.network, frames.frames,
                         {.workbench = workbench,
                          .reference = [&](std::span<const sim::Codes> inputs) { return engine.run(inputs); },
                          .seed = request.seed});
  if (!result) return result.errors();
  report::Report& report = design.report;
  report.exact["rtl"] = rtl_exactness(*result, frames.origin);
  report.sources["exact.rtl"] = "simulated, " + result->tool;
  if (result->equal) {
    report.interval_simulated = result->interval;
    report.latency = result->latency;
    note_marks(design, *result);
    report.sources["latency_cycles"] = report.sources["exact.rtl"];
    // One frame has no interval.
    if (result->interval) report.sources["interval_cycles.simulated"] = report.sources["exact.rtl"];
    return success();
  }
  const std::string what = result->difference ? result->difference->to_text() : result->failure;
  return make_diagnostic(diagnostics::kNotEqual, design.files.folder.string(),
                         {"the generated hardware", what});
}

/// Whether the frames exercise the network at all.
void check_liveness(OpenDesign& design, const VerificationFrames& frames, const Progress& progress) {
  progress("counting the codes that the frames use");
  design.report.liveness = measure_liveness(design.network, frames.frames, frames.origin);
  design.report.sources["liveness"] = "simulated, fast engine";
  for (const report::CodeUse& use : design.report.liveness->layers) {
    if (!use.warning.empty()) progress("warning: " + use.layer + ": " + use.warning);
  }
}

/// The synthesised netlist of every distinct block against its RTL.
Status check_netlist(OpenDesign& design, const VerifyRequest& request, const Progress& progress) {
  forget(design.report, "netlist");
  const auto synthesis = synthesise_design(design, request, progress);
  if (!synthesis) return synthesis.errors();
  progress("simulating every block's netlist against its RTL");
  const auto result = verify::check_netlists(
      design.files, *synthesis,
      {.workbench = workbench_of(request.data, cache_of(request.cache, request.design)),
       .seed = request.seed,
       .progress = progress});
  if (!result) return result.errors();
  // Blocks are compared beat by beat on random streams, not by frames.
  design.report.exact["netlist"] = {
      .equal = result->equal, .values = result->values, .input_sha256 = result->input_sha256};
  design.report.sources["exact.netlist"] =
      "simulated, " + result->tool + ", blocks synthesised by " + synthesis->tool;
  return judge_netlists(*result, design.files.folder, design.report.notes);
}

}  // namespace

Result<Document> verify_levels(const VerifyRequest& request, const Levels& levels, const Progress& progress) {
  auto design = open_design(request.design);
  if (!design) return design.errors();
  const auto frames = verification_frames(design->network, request, progress);
  if (!frames) return frames.errors();
  Diagnostics failures;
  const auto note = [&](const Status& status) {
    if (!status) failures.insert(failures.end(), status.errors().begin(), status.errors().end());
  };
  if (levels.engine || levels.rtl) check_liveness(*design, *frames, progress);
  if (levels.engine) note(check_engine(*design, *frames, progress));
  if (levels.rtl) note(check_rtl(*design, *frames, request, progress));
  if (levels.netlist) note(check_netlist(*design, request, progress));
  if (auto written = report::write_report(request.design, design->report); !written) return written.errors();
  if (!failures.empty()) return failures;
  return report(request.design);
}

Result<Document> verify(const VerifyRequest& request, const Progress& progress) {
  constexpr const char* kLevels = "engine, rtl, netlist or all";
  const std::string& level = request.level;
  if (level == "hls") return make_diagnostic(diagnostics::kNoHls, "--level", {kLevels});
  const bool all = level == "all";
  const Levels levels{all || level == "engine", all || level == "rtl", all || level == "netlist"};
  if (!levels.engine && !levels.rtl && !levels.netlist)
    return make_diagnostic(diagnostics::kUnknownChoice, "--level", {level, "level", kLevels});
  return verify_levels(request, levels, progress);
}

}  // namespace bitmason::flow
