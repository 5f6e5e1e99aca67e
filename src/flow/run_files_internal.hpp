#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/npy.hpp"
#include "base/result.hpp"
#include "flow/frames.hpp"
#include "ir/network.hpp"
#include "sim/engine.hpp"

/// The files of `bitmason run`: what is written part by part, and what is said of inputs and outputs.
namespace bitmason::flow {

/// The arrays of a run, one file each, written as the frames come. Nothing stays of them without finish().
class RunFiles {
 public:
  /// One file for each of the network's outputs; with `codes` the integers that leave the accelerator; with
  /// `layers` the codes of every layer in that folder. `frames` is the length of the whole batch. The network
  /// must outlive the object.
  RunFiles(const ir::Network& network, std::vector<std::filesystem::path> outputs, bool codes,
           std::optional<std::filesystem::path> layers, std::size_t frames);
  /// The last writer first: the first one made the new folders and takes them away.
  ~RunFiles();
  RunFiles(const RunFiles&) = delete;
  RunFiles& operator=(const RunFiles&) = delete;

  /// The next frames; the first call opens the files. Errors: BM-FILE-002.
  Status append(std::span<const sim::Trace> traces);
  /// Puts every file in its place. Errors: BM-FILE-002.
  Status finish();

  /// One line for each output: file, shape, type, new folder, and with codes their scale; one for the layers.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] nlohmann::ordered_json json() const;

 private:
  Status append_part(std::size_t slot, const std::filesystem::path& file, const NpyArray& part);
  [[nodiscard]] std::string folder_text(std::size_t slot) const;

  const ir::Network& network_;
  std::vector<ir::OutputPort> ports_;  ///< with codes: without what the host does to them
  std::vector<std::filesystem::path> outputs_;
  bool codes_;
  std::optional<std::filesystem::path> layers_;
  std::size_t frames_;
  std::vector<NpyWriter> writers_;  ///< outputs, then layers
};

/// One line for each input: file, shape, codes used, their range and how many values were clamped; a second
/// one that warns where the values are probably scaled wrongly.
std::string inputs_text(const ir::Network& network, const FrameReader& reader);
/// The same as one object for each input.
nlohmann::ordered_json inputs_json(const ir::Network& network, const FrameReader& reader);

}  // namespace bitmason::flow
