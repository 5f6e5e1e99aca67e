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

/// Which images, and how they come to a network.
struct DataRequest {
  std::filesystem::path path = kDefaultData;
  std::filesystem::path labels;  ///< data::SetSpec::labels
  bool resize = false;           ///< to the size of the network's input
  bool bgr = false;
  int holdout = kDefaultHoldout;
  int test = 0;  ///< of a data set without test images
};

/// Adds --data, --labels, --resize, --bgr, --holdout and --test.
void add_data_options(CLI::App& verb, DataRequest& request);
/// The data set, of any kind that data::open knows, with progress on stderr where images are decoded.
/// `input`: the network's. Errors: BM-DATA-*.
Result<data::DataSplit> open_data(const DataRequest& request, const ir::Shape& input);
/// "91.52 % of the held-out images right", or "mean IoU 65.30 % of the boxes of the held-out images".
std::string score_text(double score, const data::ImageSet& images, const std::string& which);

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
