#include <memory>

#include "verbs.hpp"

namespace bitmason::cli {

void add_device(CLI::App& app, Session& session) {
  auto* verb = app.add_subcommand("device", "DSP primitives and parts");
  verb->require_subcommand(1);
  verb->footer("Example: bitmason device show xczu3eg");
  verb->add_subcommand("list", "every part with what it holds")->callback([&session] {
    session.chosen = [&session] { return flow::list_devices(session.data); };
  });
  auto* show = verb->add_subcommand("show", "one part or primitive with the source of every value");
  auto name = std::make_shared<std::string>();
  show->add_option("name", *name, "part or primitive")->required();
  show->callback([&session, name] {
    session.chosen = [&session, name] { return flow::show_device(session.data, *name); };
  });
  verb->add_subcommand("check", "prove the device data consistent")->callback([&session] {
    session.chosen = [&session] { return flow::check_devices(session.data); };
  });
}

void add_pack(CLI::App& app, Session& session) {
  auto* verb = app.add_subcommand("pack", "packings of low-bit multiply-accumulates into one DSP");
  auto request = std::make_shared<flow::PackRequest>();
  verb->add_option("--dsp", request->primitive, "primitive or part")->capture_default_str();
  verb->add_option("-w,--weight-bits", request->weight_bits, "weight width")->capture_default_str();
  verb->add_option("-a,--activation-bits", request->activation_bits, "activation width")
      ->capture_default_str();
  verb->add_option("-k,--kernel", request->kernel, "taps of a kernel row; 1: outer products only")
      ->capture_default_str();
  verb->add_flag("--full-weights", request->wide_weights, "weights use the most negative code too");
  verb->add_flag("--signed-activations", request->signed_activations, "two's complement activations");
  verb->add_flag("--fewer-levels", request->fewer_levels,
                 "activations may have 2^a - 1 levels where that packs denser");
  verb->add_flag("--table", request->table, "densities of every width beside the published ones");
  verb->add_flag("--fronts", request->fronts, "with --table --json: the front of every cell")
      ->needs("--table");
  verb->add_flag("--prove", request->prove, "evidence for every packing of the front")->excludes("--table");
  verb->footer(
      "Example: bitmason pack --dsp dsp48e2 -w 4 -a 4 -k 3 --prove\n"
      "         bitmason pack --table");
  verb->callback([&session, request] {
    session.chosen = [&session, request] {
      request->data = session.data;
      return flow::pack(*request, session.progress);
    };
  });
}

}  // namespace bitmason::cli
