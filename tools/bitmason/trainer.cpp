#include "trainer.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "flow/diagnostics.hpp"

namespace bitmason::cli {
namespace {

constexpr const char* kTrainer = "bitmason-train";

constexpr std::array<std::pair<const char*, const char*>, 6> kVerbs{
    {{"train", "train a network under quantisation (bitmason-train)"},
     {"quantize", "quantise a network without training (bitmason-train)"},
     {"search", "choose the bits of every layer for a part and an interval (bitmason-train)"},
     {"compare", "train searched bits beside uniform ones of the same interval (bitmason-train)"},
     {"evaluate", "accuracy of a network on a data set (bitmason-train)"},
     {"check", "compare the trainer's codes with the simulator's (bitmason-train)"}}};

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

void add_trainer_verbs(CLI::App& app) {
  for (const auto& [name, what] : kVerbs) app.add_subcommand(name, what);
}

std::optional<std::vector<std::string>> trainer_arguments(int argc, char** argv) {
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  const auto verb =
      std::ranges::find_if(words, [](const std::string& word) { return !word.starts_with("-"); });
  if (verb == words.end()) return std::nullopt;
  if (std::ranges::none_of(kVerbs, [&](const auto& known) { return *verb == known.first; }))
    return std::nullopt;
  std::rotate(words.begin(), verb, verb + 1);
  return words;
}

Diagnostics start_trainer(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{kTrainer};
  words.insert(words.end(), arguments.begin(), arguments.end());
  auto pointers = pointers_to(words);
  std::error_code unknown;
  const auto folder = std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path();
  execv((folder / kTrainer).c_str(), pointers.data());
  execvp(kTrainer, pointers.data());
  return {make_diagnostic(flow::diagnostics::kNoTrainer, kTrainer, {std::strerror(errno), folder.string()})};
}

}  // namespace bitmason::cli
