#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <optional>
#include <string>

#include "flow/flow.hpp"

namespace bitmason::cli {

using Answer = Result<flow::Document>;

/// What every verb shares, and the verb chosen by the arguments.
struct Session {
  flow::DataFolders data;
  flow::Progress progress;
  bool json = false;
  std::function<Answer()> chosen;
};

/// Each adds its subcommand to the application; when parsed, it sets session.chosen.
void add_import(CLI::App& app, Session& session);
void add_run(CLI::App& app, Session& session);
void add_export(CLI::App& app, Session& session);
void add_device(CLI::App& app, Session& session);
void add_pack(CLI::App& app, Session& session);
void add_plan(CLI::App& app, Session& session);
void add_build(CLI::App& app, Session& session);
void add_verify(CLI::App& app, Session& session);
void add_report(CLI::App& app, Session& session);
void add_zoo(CLI::App& app, Session& session);

/// The network argument and the options that describe its input.
void add_network_options(CLI::App& verb, flow::NetworkRequest& request);
/// Part, clock, budgets and folding files.
void add_plan_options(CLI::App& verb, flow::PlanRequest& request);

}  // namespace bitmason::cli
