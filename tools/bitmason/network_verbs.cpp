#include <cstdlib>
#include <memory>

#include "verbs.hpp"

namespace bitmason::cli {

namespace {

/// $XDG_CACHE_HOME/bitmason, else ~/.cache/bitmason; nothing where the environment names neither.
std::optional<std::filesystem::path> user_cache() {
  const auto folder = [](const char* variable) {
    const char* value = std::getenv(variable);
    return std::filesystem::path(value == nullptr ? "" : value);
  };
  // The standard asks to ignore a relative one.
  if (const auto cache = folder("XDG_CACHE_HOME"); cache.is_absolute()) return cache / "bitmason";
  if (const auto home = folder("HOME"); home.is_absolute()) return home / ".cache" / "bitmason";
  return std::nullopt;
}

}  // namespace

void add_network_options(CLI::App& verb, flow::NetworkRequest& request) {
  verb.add_option("network", request.file,
                  "ONNX or QONNX file, or network.json as `bitmason import` writes it")
      ->required();
  verb.add_option("--input-type", request.input_type,
                  "make raw codes the stream, e.g. uint8 or int4; default: the first quantiser defines it");
  verb.add_option("--input-scale", request.input_scale, "real value of one input code, e.g. 1/255")
      ->capture_default_str();
  verb.add_option("--input-offset", request.input_offset, "real value of input code 0")
      ->capture_default_str();
}

void add_import(CLI::App& app, Session& session) {
  auto* verb = app.add_subcommand("import", "read a network and list what becomes of every node");
  auto request = std::make_shared<flow::ImportRequest>();
  add_network_options(*verb, request->network);
  verb->add_option("-o,--output", request->output, "write the integer network as JSON");
  verb->footer("Example: bitmason import net.onnx -o network.json");
  verb->callback(
      [&session, request] { session.chosen = [request] { return flow::import_network(*request); }; });
}

void add_run(CLI::App& app, Session& session) {
  auto* verb = app.add_subcommand("run", "run .npy inputs through the integer network");
  auto request = std::make_shared<flow::RunRequest>();
  add_network_options(*verb, request->network);
  verb->add_option("--input", request->inputs, "FILE.npy; with several inputs once for each as NAME=FILE.npy")
      ->required()
      ->allow_extra_args(false);
  verb->add_option("--output", request->outputs,
                   "FILE.npy; with several outputs once for each as NAME=FILE.npy")
      ->required()
      ->allow_extra_args(false);
  verb->add_option("--engine", request->engine, "fast, reference or rtl")->capture_default_str();
  verb->add_flag("--codes", request->codes,
                 "write integer codes in the file's shape and print their scale and offset");
  verb->add_option("--dump-layers", request->dump_layers, "write the codes of every layer to this folder");
  verb->add_option("--part", request->part, "part of the design that --engine rtl simulates")
      ->capture_default_str();
  verb->add_option("--cache", request->cache,
                   "folder that keeps the simulator of --engine rtl; default: bitmason in the user's cache");
  verb->add_option("--threads", request->threads, "threads of the fast engine; 0: all cores")
      ->capture_default_str()
      ->check(CLI::Range(0, 1024));
  verb->add_option("--chunk", request->chunk, "frames held in memory at a time; 0: chosen by their size")
      ->capture_default_str()
      ->check(CLI::Range(0, 1 << 30));
  verb->footer("Example: bitmason run net.onnx --input images.npy --output logits.npy");
  verb->callback([&session, request] {
    session.chosen = [&session, request] {
      request->data = session.data;
      if (!request->cache) request->cache = user_cache();
      return flow::run(*request, session.progress);
    };
  });
}

void add_export(CLI::App& app, Session& session) {
  auto* verb = app.add_subcommand("export", "write the network in another format");
  auto request = std::make_shared<flow::ExportRequest>();
  verb->add_option("network", request->network.file, "ONNX or QONNX file")->required();
  verb->add_option("--qcdq", request->output,
                   "write standard ONNX with QuantizeLinear and DequantizeLinear to this file")
      ->required();
  verb->footer("Example: bitmason export net.onnx --qcdq net_qcdq.onnx");
  verb->callback([&session, request] { session.chosen = [request] { return flow::export_qcdq(*request); }; });
}

}  // namespace bitmason::cli
