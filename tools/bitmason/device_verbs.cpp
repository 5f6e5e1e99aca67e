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

}  // namespace bitmason::cli
