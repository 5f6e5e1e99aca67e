#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/integer_range.hpp"

/// What the user asks of each verb of the command line, as values; every request is filled by tools/bitmason.
namespace bitmason::flow {

/// One answer in both of its forms: for people, and one JSON document for scripts.
struct Document {
  std::string text;
  std::string json;
};

/// Called with one line whenever a long step starts or advances; goes to stderr.
using Progress = std::function<void(std::string_view)>;

/// Where the repository's data lives: devices/, rtl/ and the simulation bench.
struct DataFolders {
  std::filesystem::path root;
  [[nodiscard]] std::filesystem::path devices() const { return root / "devices"; }
  [[nodiscard]] std::filesystem::path rtl() const { return root / "rtl"; }
};

/// A network: an ONNX file, or network.json as `import` writes it, with what the file leaves open.
struct NetworkRequest {
  std::filesystem::path file;
  std::string input_type;  ///< "uint8", "int4", ...: raw codes as the stream; empty: the first quantiser
  std::string input_scale = "1";  ///< rational text
  std::string input_offset = "0";
};

struct ImportRequest {
  NetworkRequest network;
  std::optional<std::filesystem::path> output;  ///< where to write the network as JSON
};

struct RunRequest {
  NetworkRequest network;
  std::vector<std::string> inputs;   ///< FILE, or NAME=FILE
  std::vector<std::string> outputs;  ///< likewise
  std::string engine = "fast";       ///< fast, reference or rtl
  bool codes = false;                ///< write integers instead of the file's values
  std::optional<std::filesystem::path> dump_layers;
  std::string part = "xczu3eg";                ///< for the rtl engine
  int threads = 0;                             ///< 0: all cores
  int chunk = 0;                               ///< frames held in memory at a time; 0: by their size
  std::optional<std::filesystem::path> cache;  ///< keeps the rtl engine's simulator; none: not kept
  DataFolders data;
};

/// Synthesis of every point of the fronts of many cells; empty lists stand for all of the tables.
struct PackMeasureRequest {
  std::filesystem::path file;  ///< of the results; cells of it that are not asked for stay
  std::vector<int> weight_bits;
  std::vector<int> activation_bits;
  std::vector<int> kernels;
  int points = 6;             ///< of a cell; schemes beyond them are left to the estimate, packings never
  bool keep_earlier = false;  ///< keep packings of the file that other RTL was measured with, marked with it
  std::optional<int> sample;  ///< measure so many points of the file again and compare
  std::uint64_t seed = 1;     ///< of the sample
  int jobs = 2;               ///< processes at a time
  std::optional<std::filesystem::path> cache;
};

struct PackRequest {
  std::string primitive = "DSP48E2";
  int weight_bits = 4;
  int activation_bits = 4;
  int kernel = 1;
  std::optional<IntRange> weights{};      ///< exact values instead of a width
  std::optional<IntRange> activations{};  ///< likewise
  bool wide_weights = false;              ///< full two's complement range instead of the narrow one
  bool signed_activations = false;
  bool fewer_levels = false;                    ///< 2^a - 1 activation levels where that packs denser
  bool direct = false;                          ///< only what one array multiplies directly, plain operands
  std::optional<double> most_luts{};            ///< per MAC, estimated
  bool table = false;                           ///< densities of every width instead of one cell
  bool fronts = false;                          ///< with table: the front of every cell in the JSON
  bool prove = false;                           ///< evidence for every packing of the front
  std::optional<PackMeasureRequest> measure{};  ///< instead of one cell
  DataFolders data;
};

/// The limits of a plan; absent means the part's own.
struct PlanRequest {
  NetworkRequest network;
  std::string part = "xczu3eg";
  std::optional<double> target_fps;
  std::optional<double> clock_mhz;
  std::optional<int> dsps;
  std::optional<int> luts;
  std::optional<int> brams;  ///< in blocks of 36 kbit
  std::optional<int> urams;
  std::optional<double> bandwidth;          ///< MB/s that may be read from external memory
  std::string external_weights = "needed";  ///< never, needed or faster
  std::optional<std::filesystem::path> folding_in;
  std::optional<std::filesystem::path> folding_out;
  bool explain = false;  ///< what bounds each layer and what more of a resource would bring; of `plan` alone
  DataFolders data;
};

struct VerifyRequest {
  std::filesystem::path design;     ///< folder that `build` wrote
  std::string level = "rtl";        ///< engine, rtl, netlist or all
  std::vector<std::string> inputs;  ///< real frames, FILE or NAME=FILE; random and extreme ones follow
  int frames = 2;                   ///< of the files; without files random and extreme in turn
  std::uint64_t seed = 1;
  std::optional<std::filesystem::path> cache;
  DataFolders data;
};

struct BuildRequest {
  PlanRequest plan;
  std::filesystem::path out;
  bool verify = false;
  bool synthesise = false;
  int frames = 2;
  std::uint64_t seed = 1;
  std::vector<std::string> inputs;  ///< as in VerifyRequest
  std::optional<std::filesystem::path> cache;
};

/// A network of the zoo; empty lists and names mean the published or default widths.
struct ZooRequest {
  std::string name;
  std::string configuration;     ///< a published one by name
  std::vector<int> weights;      ///< bits, one number per layer with weights or one for all
  std::vector<int> activations;  ///< bits that enter each of them, likewise; the first is the image's
  std::uint64_t seed = 1;
  std::filesystem::path output;
};

struct ExportRequest {
  NetworkRequest network;
  std::filesystem::path output;
};

}  // namespace bitmason::flow
