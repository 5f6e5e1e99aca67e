#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verbs.hpp"

/// The verbs of the program bitmason-train, which alone needs torch.
namespace bitmason::cli {

/// Lists them in the help; they are never parsed here.
void add_trainer_verbs(CLI::App& app);

/// The arguments for bitmason-train, verb first, where the first word that is no option is one of its verbs.
std::optional<std::vector<std::string>> trainer_arguments(int argc, char** argv);

/// Becomes the bitmason-train beside this program, else the one on the PATH; its output and exit code are
/// this program's. Returns where neither starts: BM-FLOW-029.
Diagnostics start_trainer(const std::vector<std::string>& arguments);

}  // namespace bitmason::cli
