#include <fmt/format.h>

#include <cstdlib>
#include <thread>

#include "data/open.hpp"
#include "verbs.hpp"

namespace bitmason::train_cli {

namespace {

/// The user's cache folder, as the XDG base directory specification says; empty: none is known.
std::filesystem::path user_cache() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/')
    return std::filesystem::path(cache) / "bitmason";
  const char* home = std::getenv("HOME");
  return home == nullptr ? std::filesystem::path() : std::filesystem::path(home) / ".cache/bitmason";
}

}  // namespace

void add_data_options(CLI::App& verb, DataRequest& request) {
  verb.add_option("--data", request.path,
                  "data set: a folder like MNIST's or CIFAR's, of .npy files or of a folder per class; of "
                  "images for --labels")
      ->capture_default_str();
  verb.add_option(
      "--labels", request.labels,
      "CSV file with a box for each image (image, xmin, xmax, ymin, ymax), or .npy or IDX labels");
  verb.add_flag("--resize", request.resize, "bring images to the size of the network's input");
  verb.add_flag("--bgr", request.bgr, "colours of image files in the order blue, green, red");
  verb.add_option("--holdout", request.holdout, "training images that are held out, to choose by")
      ->check(CLI::Range(1, 1000000000))
      ->capture_default_str();
  verb.add_option("--test", request.test, "images that are a test set, where the data set has none")
      ->check(CLI::Range(1, 1000000000));
}

std::string score_text(double score, const data::ImageSet& images, const std::string& which) {
  return images.boxes.empty() ? fmt::format("{:.2f} % of the {} right", 100 * score, which)
                              : fmt::format("mean IoU {:.2f} % of the boxes of the {}", 100 * score, which);
}

Result<data::DataSplit> open_data(const DataRequest& request, const ir::Shape& input) {
  data::Frame frame{.bgr = request.bgr};
  if (request.resize) frame = {data::Fit::Resize, input.height, input.width, request.bgr};
  return data::open({.path = request.path,
                     .labels = request.labels,
                     .frame = frame,
                     .split = {.holdout = request.holdout, .test = request.test},
                     .read = {.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency())),
                              .cache = user_cache(),
                              .progress = [](std::size_t done, std::size_t total) {
                                fmt::print(stderr, "decoded {} of {} images\n", done, total);
                              }}});
}

}  // namespace bitmason::train_cli
