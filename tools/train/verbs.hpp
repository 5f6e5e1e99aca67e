#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>

#include "base/diagnostic.hpp"
#include "data/image_set.hpp"
#include "graph/place.hpp"

/// The verbs of bitmason-train: arguments, printing, exit codes.
namespace bitmason::train_cli {

/// What the chosen verb does; returns what went wrong, or nothing.
using Action = std::function<Diagnostics()>;

void add_train(CLI::App& app, Action& chosen);
void add_evaluate(CLI::App& app, Action& chosen);
void add_check(CLI::App& app, Action& chosen);
void add_quantize(CLI::App& app, Action& chosen);
void add_search(CLI::App& app, Action& chosen);
/// `command`: how the program was called, for the results.
void add_compare(CLI::App& app, Action& chosen, const std::string& command);

/// Folder where Debian's dataset-fashion-mnist puts its files.
inline constexpr const char* kDefaultData = "/usr/share/datasets/fashion-mnist";
/// Training images that are held out unless told otherwise.
inline constexpr int kDefaultHoldout = 5000;

/// The data set at a path, of any kind that data::open knows, with progress on stderr where images are
/// decoded. Errors: BM-DATA-*.
Result<data::DataSplit> open_data(const std::filesystem::path& path, int holdout);

/// How a network is read and where it is quantised.
struct NetworkRequest {
  std::filesystem::path file;
  std::optional<float> pixel;  ///< nothing: the file's, else 1/255
  graph::Bits bits;            ///< empty: those of the file, else 8
  bool full_range = false;
  bool per_layer = false;
};

/// Adds --pixel.
void add_network_options(CLI::App& verb, NetworkRequest& request);
/// Adds --weights, --activations, --full-range and --per-layer.
void add_bits_options(CLI::App& verb, NetworkRequest& request);

/// The network of the file. Errors: BM-ONNX-*, BM-GRAPH-*.
Result<graph::Graph> read_network(const NetworkRequest& request);
/// Where its quantisers go. Errors: BM-GRAPH-020, 021.
Result<graph::PlaceOptions> place_options(const NetworkRequest& request, const graph::Graph& graph);

}  // namespace bitmason::train_cli
