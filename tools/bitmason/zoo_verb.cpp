#include <charconv>
#include <memory>

#include "number_list.hpp"
#include "verbs.hpp"

namespace bitmason::cli {

namespace {

/// What does not fit 64 bits would be another seed.
std::string whole_number(const std::string& text) {
  std::uint64_t seed = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error == std::errc() && rest == text.data() + text.size()) return {};
  return text + " is no whole number below 2^64; give for example 1";
}

}  // namespace

void add_zoo(CLI::App& app, Session& session) {
  auto* verb = app.add_subcommand("zoo", "benchmark networks as QONNX with bits of your choice");
  auto request = std::make_shared<flow::ZooRequest>();
  verb->add_option("name", request->name, "network to write, or `list` for all of them")->required();
  verb->add_option("--bits", request->configuration, "a published configuration by name, see `list`");
  add_number_list(*verb, "--weights", request->weights,
                  "bits, 1 to 8, of the weights of each layer, or one number for all layers");
  add_number_list(
      *verb, "--activations", request->activations,
      "bits of the activations that enter each layer with weights, the first is the image's; or one");
  verb->add_option("--seed", request->seed, "of weights and calibration frames")
      ->check([](const std::string& text) {
        return text.starts_with('-') ? "seeds are not negative, choose 1 instead of " + text : std::string();
      })
      ->check(whole_number)
      ->capture_default_str();
  auto* output =
      verb->add_option("-o,--output", request->output, "QONNX file to write; required unless `list`");
  verb->footer(
      "Example: bitmason zoo UltraNet --weights 5,3,2,5,5,5,5,5,8 --activations 7,3,3,6,7,7,6,6,5 -o "
      "ultranet.onnx\n"
      "         bitmason zoo SkyNet --bits mixq -o skynet.onnx\n"
      "         bitmason zoo list");
  verb->callback([&session, request, output, verb] {
    if (request->name == "list") {
      const auto given = verb->get_options([](const CLI::Option* option) { return option->count() > 0; });
      if (given.size() > 1) throw CLI::ValidationError("zoo list", "takes no options");
      session.chosen = [] { return flow::list_zoo(); };
      return;
    }
    if (output->count() == 0) throw CLI::RequiredError("--output");
    session.chosen = [&session, request] { return flow::write_zoo(*request, session.progress); };
  });
}

}  // namespace bitmason::cli
