#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

/// Everything known about a design: one JSON document, a stable interface for scripts, and one readable text.
namespace bitmason::report {

/// One quantity at its three levels of trust; absent means not measured.
struct Resource {
  std::optional<std::int64_t> estimated;
  std::optional<std::int64_t> synthesised;
  std::optional<std::int64_t> available;
};

/// One simulation of a comparison, under a condition of its own.
struct Run {
  std::string name;  ///< "no stalls", "stalls, seed 1", "reset in mid-frame"
  bool equal = false;
  std::int64_t frames = 0;
};

/// Outcome of a comparison with the integer network.
struct Exactness {
  bool equal = false;
  std::int64_t frames = 0;
  std::int64_t values = 0;  ///< of these frames
  std::string input_sha256;
  std::string input;      ///< "random and extreme codes, seed 1" or the files' names; empty: no frames
  std::vector<Run> runs;  ///< of level rtl
};

/// What a requantised layer does with its codes on the frames of a comparison.
struct CodeUse {
  std::string layer;
  std::int64_t codes = 0;          ///< that its range has
  std::int64_t used = 0;           ///< of them
  std::int64_t values = 0;         ///< in all frames
  std::int64_t most_frequent = 0;  ///< values that hold the most frequent code
  std::int64_t channels = 0;       ///< 0: one value per channel, so nothing can vary
  std::int64_t constant = 0;       ///< channels with one and the same code throughout
  std::string warning;             ///< why exactness proves little there; empty: alive
};

/// Whether the frames of the comparisons were worth comparing.
struct Liveness {
  std::string input;  ///< as in Exactness
  std::int64_t frames = 0;
  std::vector<CodeUse> layers;
};

/// MACs of a frame in layers that multiply in DSPs over what these DSPs could compute in the interval with
/// the densest packings of at most `side_bits` side bits.
struct DspUtilisation {
  double planned = 0;                   ///< at the planned interval; above 1 where more side bits pack denser
  std::int64_t side_bits = 0;           ///< of those packings
  std::int64_t requantise_dsp = 0;      ///< DSPs beside them
  std::vector<std::string> lut_layers;  ///< layers that multiply in LUTs
};

/// Worst register-to-register path after synthesis.
struct Depth {
  std::int64_t levels = 0;      ///< LUTs in series
  std::int64_t carry_bits = 0;  ///< longest carry chain on the path
  std::string from;
  std::string to;
};

/// A layer as planned; figures are estimates.
struct Layer {
  std::string name;
  std::string kind;
  int bits = 0;  ///< of the output codes
  std::optional<int> weight_bits;
  std::string packing;    ///< empty: no multipliers
  std::int64_t pe = 0;    ///< channels computed in parallel; 0: not known
  std::int64_t simd = 0;  ///< inputs in parallel for each of them
  std::int64_t cycles = 0;
  std::int64_t dsp = 0;
  std::int64_t lut = 0;
  std::int64_t bram18 = 0;
  std::optional<int> input_bits;        ///< of the widest input; nothing where the host feeds the layer
  std::optional<int> accumulator_bits;  ///< of an exact sum, from its reachable range
  std::optional<std::int64_t> ff;
  std::optional<std::int64_t> uram;
};

/// A FIFO between two layers.
struct Fifo {
  std::string producer;
  std::string consumer;
  int input = 0;           ///< which of the consumer's inputs
  std::int64_t depth = 0;  ///< beats
  std::int64_t width = 0;  ///< bits of a beat
  std::int64_t mark = 0;   ///< most beats it holds without stalls, as the planner simulates it
  std::optional<std::int64_t> mark_simulated;  ///< the same, measured in the hardware's simulation
};

/// One instance of the top level as synthesised; the instances add up to the totals.
struct Module {
  std::string name;
  std::string module;
  std::string layer;  ///< empty: joins layers
  std::int64_t dsp = 0;
  std::int64_t lut = 0;
  std::int64_t ff = 0;
  std::int64_t bram18 = 0;
};

/// The resources of a report, in the order in which they are printed.
inline constexpr const char* kResourceNames[] = {"dsp", "lut", "ff", "bram18", "uram"};

struct Report {
  std::string network;
  std::string part;
  double clock_mhz = 0;
  std::int64_t interval_planned = 0;               ///< cycles
  std::optional<std::int64_t> interval_simulated;  ///< cycles
  std::optional<std::int64_t> latency;             ///< cycles, simulated
  std::map<std::string, Resource> resources;       ///< by kResourceNames
  std::optional<DspUtilisation> dsp_utilisation;
  std::map<std::string, Exactness> exact;  ///< by level: engine, rtl, netlist, hls
  std::optional<Liveness> liveness;
  std::optional<Depth> depth;
  std::vector<Layer> layers;
  std::vector<Fifo> fifos;
  std::vector<Module> modules;
  std::vector<std::string> notes;  ///< what a reader must know before trusting the figures
  /// What each group of figures is and which tool gave it, e.g. "interval_cycles.simulated" -> "simulated,
  /// Verilator 5.006".
  std::map<std::string, std::string> sources;

  /// Frames per second at clock_mhz and the measured interval, or the planned one.
  [[nodiscard]] double fps() const;
  /// A sentence for each resource of which more was synthesised than the part has.
  [[nodiscard]] std::vector<std::string> misfits() const;
  /// dsp_utilisation at the simulated interval; nothing where either is not known.
  [[nodiscard]] std::optional<double> simulated_utilisation() const;
};

std::string to_json(const Report& report);
/// Errors: BM-REPORT-001 with the path of what is missing.
Result<Report> parse_report(const std::string& json, const std::string& where);

/// report.json of a design folder. Errors: BM-FILE-001, BM-REPORT-001.
Result<Report> read_report(const std::filesystem::path& folder);
/// report.json and report.txt by name.
std::map<std::string, std::string> files_of(const Report& report);
/// Replaces report.json and report.txt of the folder. Errors: BM-FILE-002.
Status write_report(const std::filesystem::path& folder, const Report& report);

/// One plain line: whether the hardware equals the integer network, on what and under which conditions.
std::string verdict(const Report& report);

/// `planned` with everything that `earlier` measured (comparisons, cycles, synthesised resources, depth,
/// modules, notes and their sources). Only for two reports on the same hardware and network.
Report with_measurements(Report planned, const Report& earlier);

/// The object of key `liveness`.
std::string to_json(const Liveness& liveness);
/// A summary of two lines and a warning for each layer that is not alive.
std::string to_text(const Liveness& liveness);

/// Tables of at most 100 columns: comparisons, cycles, resources, layers, sources; the verdict is the last
/// line.
std::string to_text(const Report& report);

}  // namespace bitmason::report
