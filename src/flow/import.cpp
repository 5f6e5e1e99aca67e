#include "import/import.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "flow/diagnostics.hpp"
#include "flow/flow.hpp"
#include "flow/located.hpp"
#include "flow/network_access.hpp"
#include "ir/text.hpp"
#include "onnxio/model.hpp"

namespace bitmason::flow {

namespace {

using Json = nlohmann::ordered_json;

Result<Rational> parse_option(const std::string& text, std::string_view option) {
  if (auto value = Rational::parse(text)) return *value;
  return make_diagnostic(diagnostics::kBadNumber, option, {text, "a rational number", "1/255"});
}

/// What describes a file's input says nothing about a network whose input is integers already.
Status check_no_input_options(const NetworkRequest& request) {
  const NetworkRequest defaults;
  for (const auto& [given, option] : {std::pair{request.input_type != defaults.input_type, "--input-type"},
                                      {request.input_scale != defaults.input_scale, "--input-scale"},
                                      {request.input_offset != defaults.input_offset, "--input-offset"}}) {
    if (!given) continue;
    return make_diagnostic(diagnostics::kNotTogether, option,
                           {request.file.string(), "which fixes the input already", "give the ONNX file"});
  }
  return success();
}

/// What describes the codes of --input-type says nothing without it.
Status check_input_type(const NetworkRequest& request) {
  const NetworkRequest defaults;
  if (!request.input_type.empty()) return success();
  for (const auto& [given, option] : {std::pair{request.input_scale != defaults.input_scale, "--input-scale"},
                                      {request.input_offset != defaults.input_offset, "--input-offset"}}) {
    if (given)
      return make_diagnostic(diagnostics::kNeeds, option, {"--input-type", "for example --input-type uint8"});
  }
  return success();
}

Json node_json(const import::NodeReport& node) {
  return {{"node", node.node},
          {"operator", node.op_type},
          {"fate", import::name_of(node.fate)},
          {"text", node.text}};
}

}  // namespace

Result<LoadedNetwork> load_network(const NetworkRequest& request) {
  if (request.file.extension() == ".json") {
    if (auto fine = check_no_input_options(request); !fine) return fine.errors();
    const auto text = read_file(request.file);
    if (!text) return text.errors();
    auto network = ir::parse_network(*text);
    if (!network) return located(network.errors(), request.file);
    return LoadedNetwork{std::move(*network), {}};
  }
  const auto scale = parse_option(request.input_scale, "--input-scale");
  if (!scale) return scale.errors();
  const auto offset = parse_option(request.input_offset, "--input-offset");
  if (!offset) return offset.errors();
  if (auto fine = check_input_type(request); !fine) return fine.errors();
  const auto model = onnxio::read_model(request.file);
  if (!model) return model.errors();
  auto imported =
      import::import_onnx(*model, {request.input_type, *scale, *offset, request.file.stem().string()});
  if (!imported) return imported.errors();
  return LoadedNetwork{std::move(imported->network), std::move(imported->report)};
}

Result<Document> import_network(const ImportRequest& request) {
  const auto loaded = load_network(request.network);
  if (!loaded) return loaded.errors();
  if (request.output) {
    if (auto written = write_file(*request.output, ir::to_json(loaded->network)); !written)
      return written.errors();
  }
  Json json = {{"network", loaded->network.name()},
               {"layers", loaded->network.layers().size()},
               {"macs", loaded->network.macs()},
               {"nodes", Json::array()}};
  std::string text = fmt::format("{:<32} {:<20} {:<11} {}\n", "node", "operator", "became", "");
  for (const auto& node : loaded->nodes) {
    text += fmt::format("{:<32} {:<20} {:<11} {}\n", node.node, node.op_type, import::name_of(node.fate),
                        node.text);
    json["nodes"].push_back(node_json(node));
  }
  text += "\n" + ir::summary(loaded->network);
  text += fmt::format("{} multiply-accumulates a frame\n", loaded->network.macs());
  return Document{text, json_text(json, 2)};
}

}  // namespace bitmason::flow
