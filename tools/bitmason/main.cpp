#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "verbs.hpp"

namespace bitmason::cli {
namespace {

namespace fs = std::filesystem;

/// devices/ and rtl/: beside an installed program under share/bitmason, else in the source tree it was built
/// from.
flow::DataFolders data_folders() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / "share" / "bitmason";
  if (!error && fs::is_directory(installed / "devices", error)) return {installed};
  return {BITMASON_SOURCE_DIR};
}

int answer(const Session& session) {
  const Answer result = session.chosen();
  if (!result) {
    std::fputs(to_text(result.errors()).c_str(), stderr);
    return 1;
  }
  std::fputs((session.json ? result->json + "\n" : result->text).c_str(), stdout);
  return std::fflush(stdout) == 0 ? 0 : 1;
}

int run(int argc, char** argv) {
  Session session{.data = data_folders(), .progress = [](std::string_view line) {
                    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
                  }};
  CLI::App app{
      "Bitmason turns a quantised neural network into a streaming FPGA accelerator that is bit-exact with "
      "it."};
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", "bitmason 0.1.0");
  app.add_flag("--json", session.json, "print one JSON document on standard output and nothing else");
  app.footer(
      "Example: bitmason build examples/fashion_mnist/fashion_mnist.onnx --part xczu3eg --out out/demo "
      "--verify --synth\n"
      "Each verb has --help with its own example.");
  add_import(app, session);
  add_run(app, session);
  add_export(app, session);
  add_device(app, session);
  add_pack(app, session);
  add_plan(app, session);
  add_build(app, session);
  add_verify(app, session);
  add_report(app, session);
  CLI11_PARSE(app, argc, argv);
  return answer(session);
}

}  // namespace
}  // namespace bitmason::cli

int main(int argc, char** argv) {
  return bitmason::cli::run(argc, argv);
}
