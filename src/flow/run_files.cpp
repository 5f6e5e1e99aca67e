#include "flow/run_files_internal.hpp"

#include <fmt/format.h>

#include <set>

#include "flow/scales.hpp"

namespace bitmason::flow {

namespace {

using Json = nlohmann::ordered_json;

Json numbers(const std::vector<Rational>& values) {
  Json list = Json::array();
  for (const Rational& value : values) list.push_back(value.to_double());
  return values.size() == 1 ? list.front() : list;
}

void add_to(Json& output, const CodeScale& scale) {
  output["scale"] = numbers(scale.scale);
  output["offset"] = numbers(scale.offset);
  if (scale.axis) output["axis"] = *scale.axis;
}

/// The file's values of some frames, or their codes.
NpyArray output_part(const ir::Network& network, const ir::OutputPort& port,
                     std::span<const sim::Trace> traces) {
  std::vector<sim::Codes> frames;
  frames.reserve(traces.size());
  for (const sim::Trace& trace : traces) frames.push_back(trace[static_cast<std::size_t>(port.layer)]);
  return sim::dequantise_output(network, port, frames);
}

/// (N, C, H, W) codes of one layer of some frames.
NpyArray layer_part(const ir::Layer& layer, std::size_t index, std::span<const sim::Trace> traces) {
  const ir::Shape& s = layer.type.shape;
  NpyArray array{
      {static_cast<std::int64_t>(traces.size()), s.channels, s.height, s.width}, NpyType::Int64, {}, {}};
  for (const sim::Trace& trace : traces)
    array.integers.insert(array.integers.end(), trace[index].begin(), trace[index].end());
  return array;
}

/// A file name for each layer, all different.
std::vector<std::string> layer_files(const ir::Network& network) {
  std::vector<std::string> names;
  std::set<std::string> used;
  for (const ir::Layer& layer : network.layers()) {
    std::string name = layer.name;
    for (char& c : name) c = c == '/' ? '_' : c;
    while (!used.insert(name).second) name += "_2";
    names.push_back(name + ".npy");
  }
  return names;
}

}  // namespace

RunFiles::RunFiles(const ir::Network& network, std::vector<std::filesystem::path> outputs, bool codes,
                   std::optional<std::filesystem::path> layers, std::size_t frames)
    : network_(network),
      ports_(network.outputs()),
      outputs_(std::move(outputs)),
      codes_(codes),
      layers_(std::move(layers)),
      frames_(frames) {
  if (!codes) return;
  for (ir::OutputPort& port : ports_) {
    port.dequantise.clear();
    port.tail.clear();
  }
}

RunFiles::~RunFiles() {
  while (!writers_.empty()) writers_.pop_back();
}

Status RunFiles::append_part(std::size_t slot, const std::filesystem::path& file, const NpyArray& part) {
  if (slot == writers_.size()) {
    std::vector<std::int64_t> shape = part.shape;
    shape.front() = static_cast<std::int64_t>(frames_);
    auto writer = NpyWriter::create(file, std::move(shape), part.type);
    if (!writer) return writer.errors();
    writers_.push_back(*std::move(writer));
  }
  return writers_[slot].append(part);
}

Status RunFiles::append(std::span<const sim::Trace> traces) {
  for (std::size_t k = 0; k < ports_.size(); ++k) {
    if (auto written = append_part(k, outputs_[k], output_part(network_, ports_[k], traces)); !written)
      return written;
  }
  if (!layers_) return success();
  const std::vector<std::string> names = layer_files(network_);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const NpyArray part = layer_part(network_.layers()[i], i, traces);
    if (auto written = append_part(ports_.size() + i, *layers_ / names[i], part); !written) return written;
  }
  return success();
}

Status RunFiles::finish() {
  for (NpyWriter& writer : writers_) {
    if (auto finished = writer.finish(); !finished) return finished;
  }
  return success();
}

std::string RunFiles::folder_text(std::size_t slot) const {
  const FileWriter& file = writers_[slot].file();
  if (file.new_folders().empty()) return {};
  return fmt::format(" in the new folder {}", file.path().parent_path().string());
}

std::string RunFiles::text() const {
  std::string text;
  for (std::size_t k = 0; k < ports_.size(); ++k) {
    text += fmt::format("output {}: {} {} {}{}\n", ports_[k].name, outputs_[k].string(),
                        shape_text(writers_[k].shape()), name_of(writers_[k].type()), folder_text(k));
  }
  if (layers_) {
    text += fmt::format("layers: {} files in {}{}\n", writers_.size() - ports_.size(), layers_->string(),
                        folder_text(ports_.size()).empty() ? "" : ", a new folder");
  }
  return text + (codes_ ? codes_text(network_) : std::string());
}

Json RunFiles::json() const {
  Json outputs = Json::array();
  for (std::size_t k = 0; k < ports_.size(); ++k) {
    Json& output = outputs.emplace_back(Json{{"name", ports_[k].name},
                                             {"file", outputs_[k].string()},
                                             {"shape", writers_[k].shape()},
                                             {"type", std::string(name_of(writers_[k].type()))}});
    if (!codes_) continue;
    const ir::OutputPort& port = network_.outputs()[k];
    if (const auto scale = code_scale(network_, port)) add_to(output, *scale);
    for (const ir::HostTail& tail : port.tail) output["left_out"].push_back(ir::to_text(tail));
  }
  return outputs;
}

}  // namespace bitmason::flow
