#include <fmt/format.h>
#include <malloc.h>

#include <cstdio>

#include "verbs.hpp"

namespace {

/// As a shell would take it.
std::string command_line(int argc, char** argv) {
  constexpr const char* kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,/:@%";
  std::string text = "bitmason-train";
  for (int k = 1; k < argc; ++k) {
    const std::string word = argv[k];
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) {
      text += " " + word;
      continue;
    }
    text += " '";
    for (const char letter : word) text += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    text += "'";
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  // Tensors come and go each step; without this, glibc returns their pages to the system and faults them in
  // again (measured: 40 % of the time of a step).
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  namespace cli = bitmason::train_cli;
  CLI::App app{"Trains and quantises networks for bitmason, with libtorch."};
  app.name("bitmason-train");
  app.require_subcommand(1);
  app.footer(
      "Example: bitmason-train train --recipe examples/fashion_mnist/recipe.json --out net.onnx\n"
      "         bitmason-train train float.onnx --weights 4 --activations 8,4,4 --out net.onnx\n"
      "         bitmason-train quantize float.onnx --weights 8 --out net.onnx\n"
      "         bitmason-train evaluate net.onnx --set test\n"
      "         bitmason-train check net.onnx\n"
      "         bitmason-train search float.onnx --intervals 3072,4096 --out found\n"
      "         bitmason-train compare float.onnx --uniform-budgets --out compared");
  cli::Action chosen;
  cli::add_train(app, chosen);
  cli::add_evaluate(app, chosen);
  cli::add_check(app, chosen);
  cli::add_quantize(app, chosen);
  cli::add_search(app, chosen);
  cli::add_compare(app, chosen, command_line(argc, argv));
  CLI11_PARSE(app, argc, argv);
  const auto errors = chosen();
  if (!errors.empty()) fmt::print(stderr, "{}\n", bitmason::to_text(errors));
  return errors.empty() ? 0 : 1;
}
