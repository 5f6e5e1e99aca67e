#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include "hw/design.hpp"
#include "hw/diagnostics.hpp"

namespace bitmason::hw {

namespace {

/// Which parameters of a module give a port's width and signedness.
struct PortRule {
  std::string_view module;
  std::string_view port;
  std::string_view channels;  ///< empty: 1
  std::string_view bits;
  std::string_view is_signed;  ///< empty: any
  std::string_view pixels{};   ///< of a beat; 1 where the instance does not name it
};

constexpr std::array kPortRules{
    PortRule{"bm_skid", "in", "", "WIDTH", ""},
    PortRule{"bm_skid", "out", "", "WIDTH", ""},
    PortRule{"bm_fifo", "in", "", "WIDTH", ""},
    PortRule{"bm_fifo", "out", "", "WIDTH", ""},
    PortRule{"bm_fork", "in", "", "WIDTH", ""},
    PortRule{"bm_fork", "out", "", "WIDTH", ""},
    PortRule{"bm_axis_in", "out", "", "WIDTH", ""},
    PortRule{"bm_axis_out", "in", "", "WIDTH", ""},
    PortRule{"bm_repack", "in", "CH_IN", "BITS", ""},
    PortRule{"bm_repack", "out", "CH_OUT", "BITS", ""},
    PortRule{"bm_pool", "in", "CH", "BITS", "IN_SIGNED", "INP"},
    PortRule{"bm_pool", "out", "CH", "OUT_BITS", "", "OUTP"},
    PortRule{"bm_add", "a", "CH", "BITS_A", "SIGNED_A"},
    PortRule{"bm_add", "b", "CH", "BITS_B", "SIGNED_B"},
    PortRule{"bm_add", "out", "CH", "OUT_BITS", ""},
    PortRule{"bm_concat", "in", "CH", "BITS", ""},
    PortRule{"bm_concat", "out", "CH", "BITS", ""},
    PortRule{"bm_space_to_depth", "in", "CH", "BITS", ""},
    PortRule{"bm_space_to_depth", "out", "CH_OUT", "BITS", ""},
    PortRule{"bm_depth_to_space", "in", "CH", "BITS", ""},
    PortRule{"bm_depth_to_space", "out", "CH_OUT", "BITS", ""},
    PortRule{"bm_upsample", "in", "CH", "BITS", ""},
    PortRule{"bm_upsample", "out", "CH", "BITS", ""},
    PortRule{"bm_requant_threshold", "in", "CH", "IN_BITS", "IN_SIGNED"},
    PortRule{"bm_requant_threshold", "out", "CH", "OUT_BITS", ""},
    PortRule{"bm_requant_scale", "in", "CH", "IN_BITS", "IN_SIGNED"},
    PortRule{"bm_requant_scale", "out", "CH", "OUT_BITS", ""},
    PortRule{"bm_conv", "in", "SIMD", "ABITS", "ASIGNED", "INP"},
    PortRule{"bm_conv", "out", "CHO", "OUT_BITS", ""},
    PortRule{"bm_conv", "w", "", "WPORT", ""},
    PortRule{"bm_dots", "in", "CIN", "ABITS", "ASIGNED"},
    PortRule{"bm_dots", "out", "COUT", "OUT_BITS", ""},
    PortRule{"bm_weight_unpack", "in", "", "DATA", ""},
    PortRule{"bm_weight_unpack", "out", "", "WIDTH", ""},
    PortRule{"bm_axi_weights", "out", "", "DATA", ""},
};

std::int64_t parameter(const Instance& instance, std::string_view name) {
  if (name.empty()) return 1;
  for (const auto& [key, value] : instance.parameters) {
    if (key == name) return std::get<std::int64_t>(value);
  }
  return -1;
}

bool is_identifier(std::string_view name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
}

class Verification {
 public:
  explicit Verification(const Design& design) : design_(design) {}

  Diagnostics run() && {
    check_names();
    for (const Stream& stream : design_.streams) check_channels(stream);
    check_connections();
    for (const Instance& instance : design_.instances) {
      for (const Binding& binding : instance.inputs) check_port(instance, binding);
      for (const Binding& binding : instance.outputs) check_port(instance, binding);
      check_elements(instance);
    }
    check_memories();
    return std::move(findings_);
  }

 private:
  void report(const DiagnosticKind& kind, std::string_view where,
              std::initializer_list<std::string> arguments) {
    findings_.push_back(make_diagnostic(kind, where, arguments));
  }
  void check_names();
  void check_name(const std::string& name, std::set<std::string>& seen);
  void check_channels(const Stream& stream);
  void check_connections();
  void check_port(const Instance& instance, const Binding& binding);
  void check_elements(const Instance& instance);
  void check_memories();

  const Design& design_;
  Diagnostics findings_;
};

void Verification::check_name(const std::string& name, std::set<std::string>& seen) {
  if (!is_identifier(name)) report(diagnostics::kName, name, {"not an identifier"});
  if (!seen.insert(name).second) report(diagnostics::kName, name, {"used twice"});
}

void Verification::check_names() {
  std::set<std::string> seen;
  for (const Stream& stream : design_.streams) {
    for (const char* suffix : {"_valid", "_ready", "_data"}) check_name(stream.name + suffix, seen);
  }
  for (const Instance& instance : design_.instances) check_name(instance.name, seen);
  for (const auto* ports : {&design_.inputs, &design_.outputs}) {
    for (const AxisPort& port : *ports) check_name(port.name, seen);
  }
}

void Verification::check_channels(const Stream& stream) {
  const int values = stream.channels_per_beat;
  const int channels = stream.shape.channels;
  if (values >= 1 && channels % values == 0) return;
  if (values >= 1 && values % channels == 0 && stream.shape.width % (values / channels) == 0) return;
  report(diagnostics::kStreamShape, stream.name,
         {std::to_string(stream.channels_per_beat), std::to_string(stream.shape.channels)});
}

void Verification::check_connections() {
  std::vector<int> producers(design_.streams.size());
  std::vector<int> consumers(design_.streams.size());
  for (const Instance& instance : design_.instances) {
    for (const Binding& input : instance.inputs) {
      const auto index = static_cast<std::size_t>(input.stream.index);
      if (producers[index] == 0) report(diagnostics::kOrder, instance.name, {design_.streams[index].name});
      ++consumers[index];
    }
    for (const Binding& output : instance.outputs) ++producers[static_cast<std::size_t>(output.stream.index)];
  }
  for (std::size_t k = 0; k < design_.streams.size(); ++k) {
    const std::string& name = design_.streams[k].name;
    if (producers[k] != 1) report(diagnostics::kProducers, name, {std::to_string(producers[k])});
    if (consumers[k] != 1) report(diagnostics::kConsumers, name, {std::to_string(consumers[k])});
  }
}

void Verification::check_port(const Instance& instance, const Binding& binding) {
  const auto rule = std::find_if(kPortRules.begin(), kPortRules.end(), [&](const PortRule& candidate) {
    return candidate.module == instance.module && candidate.port == binding.port;
  });
  const Stream& stream = design_.stream(binding.stream);
  const std::int64_t width = rule == kPortRules.end()
                                 ? -1
                                 : parameter(instance, rule->channels) * parameter(instance, rule->bits) *
                                       std::max<std::int64_t>(1, parameter(instance, rule->pixels));
  if (width != stream.width()) {
    report(diagnostics::kWidth, instance.name,
           {stream.name, std::to_string(stream.width()), std::to_string(width)});
  } else if (!rule->is_signed.empty() && parameter(instance, rule->is_signed) != (stream.is_signed ? 1 : 0)) {
    report(diagnostics::kSignedness, instance.name,
           {stream.name, stream.is_signed ? "signed" : "unsigned", stream.is_signed ? "unsigned" : "signed"});
  }
}

void Verification::check_elements(const Instance& instance) {
  if (!instance.layer.empty() || instance.inputs.empty()) return;
  const Stream& in = design_.stream(instance.inputs.front().stream);
  for (const Binding& output : instance.outputs) {
    const Stream& out = design_.stream(output.stream);
    if (in.shape.elements() == out.shape.elements()) continue;
    report(diagnostics::kBeats, instance.name,
           {in.name, std::to_string(in.shape.elements()), out.name, std::to_string(out.shape.elements())});
  }
}

void Verification::check_memories() {
  std::map<std::string, int> defined;
  std::vector<std::string> used;
  for (const MemoryFile& memory : design_.memories) ++defined[memory.name];
  for (const Instance& instance : design_.instances) {
    for (const auto& [name, value] : instance.parameters) {
      const auto* file = std::get_if<std::string>(&value);
      if (file != nullptr && !file->empty()) used.push_back(*file);
    }
  }
  // A parameter names a file, or the prefix of several.
  const auto names = [](const std::string& parameter, const std::string& file) {
    return parameter.ends_with(".hex") ? parameter == file : file.starts_with(parameter + "_");
  };
  for (const auto& [file, count] : defined) {
    if (count > 1)
      report(diagnostics::kMemory, design_.name, {file, "defined " + std::to_string(count) + " times"});
    const bool read = std::any_of(used.begin(), used.end(), [&, &name = file](const std::string& parameter) {
      return names(parameter, name);
    });
    if (!read) report(diagnostics::kMemory, design_.name, {file, "not used"});
  }
  for (const std::string& parameter : used) {
    const bool exists = std::any_of(defined.begin(), defined.end(),
                                    [&](const auto& entry) { return names(parameter, entry.first); });
    if (!exists) report(diagnostics::kMemory, design_.name, {parameter, "not defined"});
  }
}

}  // namespace

Status verify(const Design& design) {
  Diagnostics findings = Verification(design).run();
  if (!findings.empty()) return findings;
  return success();
}

}  // namespace bitmason::hw
