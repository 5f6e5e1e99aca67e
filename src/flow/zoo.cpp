#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"
#include "flow/flow.hpp"
#include "flow/frames.hpp"
#include "flow/liveness.hpp"
#include "import/import.hpp"
#include "onnxio/model.hpp"
#include "zoo/make.hpp"

namespace bitmason::flow {

namespace {

using Json = nlohmann::ordered_json;

std::string numbers(const std::vector<int>& values) {
  return fmt::format("{}", fmt::join(values, ","));
}

Json bits_json(const zoo::Bits& bits) {
  return {{"weights", bits.weights}, {"activations", bits.activations}};
}

Json entry_json(const zoo::Entry& entry) {
  const zoo::Topology& net = entry.topology;
  Json json = {{"name", net.name},
               {"source", entry.source},
               {"input", {net.input.channels, net.input.height, net.input.width}},
               {"layers", net.weighted()},
               {"macs", net.macs()},
               {"weights", net.weights()},
               {"published", Json::array()}};
  for (const zoo::Configuration& known : entry.published) {
    Json& row = json["published"].emplace_back(Json{{"name", known.name}, {"source", known.source}});
    row.update(bits_json(known.bits));
  }
  return json;
}

}  // namespace

Result<Document> list_zoo() {
  std::string text = fmt::format("{:<16} {:>11} {:>6} {:>9} {:>9}  {}\n", "network", "input", "layers",
                                 "M MAC", "weights", "source");
  Json json = {{"networks", Json::array()}};
  for (const zoo::Entry& entry : zoo::catalogue()) {
    const zoo::Topology& net = entry.topology;
    text += fmt::format("{:<16} {:>11} {:>6} {:>9.2f} {:>9}  {}\n", net.name,
                        fmt::format("{}x{}x{}", net.input.channels, net.input.height, net.input.width),
                        net.weighted().size(), static_cast<double>(net.macs()) / 1e6, net.weights(),
                        entry.source);
    for (const zoo::Configuration& known : entry.published) {
      text += fmt::format("  --bits {:<7} w {}  a {}  ({})\n", known.name, numbers(known.bits.weights),
                          numbers(known.bits.activations), known.source);
    }
    json["networks"].push_back(entry_json(entry));
  }
  text +=
      "layers: those with weights; a: activations that enter each of them, the first is the image's\n"
      "without bits: the first configuration listed, else 4 bits and an image of 8\n";
  return Document{text, json_text(json, 2)};
}

namespace {

/// A network and what its frames do in it.
struct Draft {
  onnxio::Model model;
  report::Liveness liveness;
};

/// With few pixels and few bits some channels stay constant by chance, so the draws are tried again, some
/// times; the last draft is taken as it is. Errors: BM-IMPORT-*.
Result<Draft> draft(zoo::Order order, const Progress& progress) {
  constexpr int kAttempts = 8;
  const std::string origin = fmt::format("random and extreme codes, seed {}", order.seed);
  std::vector<sim::Codes> codes;
  for (auto& frame : random_frames(std::vector{zoo::image_type(order)}, 2, order.seed))
    codes.push_back(std::move(frame.front()));
  for (;; ++order.attempt) {
    onnxio::Model model = zoo::make_model(order, codes, progress);
    progress("importing the file's integers and counting the codes they use");
    const auto imported = import::import_onnx(model, {.file_stem = order.topology.name});
    if (!imported) return imported.errors();
    auto liveness =
        measure_liveness(imported->network, random_frames(imported->network, 2, order.seed), origin);
    if (alive(liveness) || order.attempt + 1 == kAttempts)
      return Draft{std::move(model), std::move(liveness)};
    progress("some layers are not alive; drawing again");
  }
}

}  // namespace

Result<Document> write_zoo(const ZooRequest& request, const Progress& progress) {
  const auto entry = zoo::find(request.name);
  if (!entry) return entry.errors();
  auto bits = zoo::bits_of(*entry, {request.configuration, request.weights, request.activations});
  if (!bits) return bits.errors();
  const zoo::Order order{entry->topology, *std::move(bits), request.seed};
  const auto made = draft(order, progress);
  if (!made) return made.errors();
  if (auto written = onnxio::write_model(request.output, made->model); !written) return written.errors();
  Json json = {{"file", request.output.string()}, {"network", order.topology.name}, {"seed", request.seed}};
  json.update(bits_json(order.bits));
  json["liveness"] = Json::parse(report::to_json(made->liveness));
  return Document{fmt::format("wrote {}, weights {}, activations {}, seed {}, to {}\n{}", order.topology.name,
                              numbers(order.bits.weights), numbers(order.bits.activations), request.seed,
                              request.output.string(), report::to_text(made->liveness)),
                  json_text(json, 2)};
}

}  // namespace bitmason::flow
