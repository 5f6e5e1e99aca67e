#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/text.hpp"
#include "report/report.hpp"

namespace bitmason::report {

namespace {

std::string figure(const std::optional<std::int64_t>& value) {
  return value ? std::to_string(*value) : "-";
}

std::string counted(std::int64_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string exactness_text(const Report& report) {
  std::string text;
  for (const auto& [level, exact] : report.exact) {
    text += fmt::format("{:<9} {} ({} frames, {} values)\n", level, exact.equal ? "bit-exact" : "DIFFERENT",
                        exact.frames, exact.values);
    if (!exact.input.empty()) text += fmt::format("          frames of {}\n", exact.input);
    for (const Run& run : exact.runs) {
      text += fmt::format("          {}: {} {}\n", run.name, counted(run.frames, "frame"),
                          run.equal ? "equal" : "DIFFERENT");
    }
  }
  return text.empty() ? "nothing compared yet; run `bitmason verify`\n" : text;
}

std::string utilisation_text(const Report& report) {
  const DspUtilisation& used = *report.dsp_utilisation;
  std::string text =
      fmt::format("DSPs      {:.1f} % used at the planned interval (estimated)", 100 * used.planned);
  if (const auto simulated = report.simulated_utilisation())
    text += fmt::format(", {:.1f} % at the measured one (simulated)", 100 * *simulated);
  text +=
      fmt::format("\n          of what the densest packings with {} side bits could do; {} more requantise\n",
                  used.side_bits, used.requantise_dsp);
  if (!used.lut_layers.empty())
    text += fmt::format("          {} multiplied in LUTs\n",
                        counted(static_cast<std::int64_t>(used.lut_layers.size()), "layer"));
  return text;
}

std::string cycles_text(const Report& report) {
  std::string text = fmt::format("interval  {} cycles planned (estimated)", report.interval_planned);
  if (report.interval_simulated) text += fmt::format(", {} measured (simulated)", *report.interval_simulated);
  text += "\n";
  if (report.latency) text += fmt::format("latency   {} cycles (simulated)\n", *report.latency);
  text += fmt::format("rate      {} frames/s at {} MHz (assumed clock)\n", rate_text(report.fps()),
                      report.clock_mhz);
  if (report.dsp_utilisation) text += utilisation_text(report);
  if (report.depth) {
    text += fmt::format(
        "depth     {} LUT levels, {} carry bits (synthesised)\n          from {}\n          to   {}\n",
        report.depth->levels, report.depth->carry_bits, report.depth->from, report.depth->to);
  }
  return text;
}

std::string resources_text(const Report& report) {
  std::string text =
      fmt::format("{:<9} {:>10} {:>12} {:>10}\n", "resource", "estimated", "synthesised", "available");
  for (const char* name : kResourceNames) {
    const auto found = report.resources.find(name);
    if (found == report.resources.end()) continue;
    const Resource& r = found->second;
    text += fmt::format("{:<9} {:>10} {:>12} {:>10}\n", name, figure(r.estimated), figure(r.synthesised),
                        figure(r.available));
  }
  return text;
}

std::string layers_text(const Report& report) {
  std::string text =
      fmt::format("{:<20} {:<14} {:>4} {:>4} {:>8} {:>4} {:>6} {:>6}  {}\n", "layer (estimated)", "kind", "w",
                  "bits", "cycles", "DSP", "LUT", "BRAM18", "packing");
  for (const Layer& layer : report.layers) {
    const std::string weights = layer.weight_bits ? std::to_string(*layer.weight_bits) : "";
    text += fmt::format("{:<20} {:<14} {:>4} {:>4} {:>8} {:>4} {:>6} {:>6}  {}\n", layer.name.substr(0, 20),
                        layer.kind.substr(0, 14), weights, layer.bits, layer.cycles, layer.dsp, layer.lut,
                        layer.bram18, layer.packing.substr(0, layer.packing.find(',')));
  }
  return text;
}

std::string modules_text(const Report& report) {
  if (report.modules.empty()) return "";
  std::string text = fmt::format("\n{:<28} {:<22} {:>5} {:>7} {:>7} {:>7}\n", "instance (synthesised)",
                                 "module", "DSP", "LUT", "FF", "BRAM18");
  for (const Module& module : report.modules) {
    text += fmt::format("{:<28} {:<22} {:>5} {:>7} {:>7} {:>7}\n", module.name.substr(0, 28),
                        module.module.substr(0, 22), module.dsp, module.lut, module.ff, module.bram18);
  }
  return text;
}

std::string fifos_text(const Report& report) {
  if (report.fifos.empty()) return "";
  std::string text = fmt::format("\n{:<44} {:>7} {:>6} {:>9} {:>7} {:>7} {:>7}\n", "FIFO", "depth", "width",
                                 "kbit", "mark", "slack", "sim.");
  for (const Fifo& fifo : report.fifos) {
    const std::string name = fifo.producer.substr(0, 20) + " -> " + fifo.consumer.substr(0, 20);
    text += fmt::format("{:<44} {:>7} {:>6} {:>9.1f} {:>7} {:>7} {:>7}\n", name, fifo.depth, fifo.width,
                        static_cast<double>(fifo.depth * fifo.width) / 1000, fifo.mark,
                        fifo.depth - fifo.mark, figure(fifo.mark_simulated));
  }
  return text;
}

/// "with and without stalls and after a reset" as far as these conditions were simulated.
std::string conditions_text(const Exactness& exact) {
  const auto ran = [&](std::string_view condition) {
    return std::any_of(exact.runs.begin(), exact.runs.end(),
                       [&](const Run& run) { return run.name.starts_with(condition); });
  };
  return std::string(ran("stalls") ? ", with and without stalls" : "") +
         (ran("reset") ? " and after a reset" : "");
}

}  // namespace

std::string verdict(const Report& report) {
  for (const auto& [level, exact] : report.exact) {
    if (!exact.equal)
      return fmt::format("DIFFERENT: level {} found a difference; this is no exact design", level);
  }
  const auto rtl = report.exact.find("rtl");
  if (rtl == report.exact.end()) return "not simulated: run `bitmason verify` to compare the hardware";
  const Exactness& exact = rtl->second;
  return fmt::format("exact: {} in Verilator {} the network's integers{}", counted(exact.frames, "frame"),
                     exact.frames == 1 ? "equals" : "equal", conditions_text(exact));
}

std::string to_text(const Report& report) {
  std::string text = fmt::format("{} on {}\n\n", report.network, report.part);
  text += exactness_text(report);
  if (report.liveness) text += to_text(*report.liveness);
  text += "\n" + cycles_text(report) + "\n" + resources_text(report) + "\n";
  text += layers_text(report) + fifos_text(report) + modules_text(report);
  if (!report.notes.empty()) text += "\nnotes\n";
  for (const std::string& note : report.notes) text += "  " + note + "\n";
  if (!report.sources.empty()) text += "\nsources\n";
  for (const auto& [group, source] : report.sources) text += fmt::format("  {:<32} {}\n", group, source);
  return text + "\n" + verdict(report) + "\n";
}

}  // namespace bitmason::report
