#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "base/diagnostic.hpp"

/// The verbs of bitmason-train: arguments, printing, exit codes.
namespace bitmason::train_cli {

/// What the chosen verb does; returns what went wrong, or nothing.
using Action = std::function<Diagnostics()>;

void add_train(CLI::App& app, Action& chosen);
void add_evaluate(CLI::App& app, Action& chosen);
void add_check(CLI::App& app, Action& chosen);

/// Folder where Debian's dataset-fashion-mnist puts its files.
inline constexpr const char* kDefaultData = "/usr/share/datasets/fashion-mnist";
/// Training images that are held out unless told otherwise.
inline constexpr int kDefaultHoldout = 5000;

}  // namespace bitmason::train_cli
