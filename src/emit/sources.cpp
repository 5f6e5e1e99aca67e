#include <algorithm>
#include <cctype>
#include <deque>
#include <map>
#include <set>

#include "base/file.hpp"
#include "emit/design_folder.hpp"
#include "emit/diagnostics.hpp"

namespace bitmason::emit {

namespace fs = std::filesystem;

namespace {

/// Files of the library by module name, relative to `rtl`.
std::map<std::string, fs::path> library_of(const fs::path& rtl) {
  std::map<std::string, fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(rtl, error)) {
    if (entry.path().extension() == ".sv" || entry.path().extension() == ".svh") {
      files[entry.path().stem().string()] = fs::relative(entry.path(), rtl, error);
    }
  }
  return files;
}

/// Behavioural models of primitives are compiled for simulation only.
bool is_model(const fs::path& file) {
  return file.parent_path().filename() == "models";
}

std::set<std::string> identifiers_in(const std::string& text) {
  std::set<std::string> found;
  std::string word;
  for (const char c : text + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
      word += c;
    } else if (!word.empty()) {
      found.insert(std::move(word));
      word.clear();
    }
  }
  return found;
}

/// The text without comments, so that a module mentioned in prose is not taken for one that is used.
std::string without_comments(const std::string& text) {
  std::string code;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text.compare(k, 2, "//") == 0) k = std::min(text.find('\n', k), text.size() - 1);
    if (text.compare(k, 2, "/*") == 0) k = std::min(text.find("*/", k + 2), text.size() - 2) + 1;
    code += text[k];
  }
  return code;
}

}  // namespace

Result<RtlSources> find_sources(const hw::Design& design, const fs::path& rtl) {
  const auto library = library_of(rtl);
  std::deque<std::string> open;
  std::set<std::string> used;
  std::set<std::string> models;
  for (const hw::Instance& instance : design.instances) {
    if (!library.contains(instance.module)) {
      return make_diagnostic(diagnostics::kMissingSource, instance.name, {instance.module, rtl.string()});
    }
    if (used.insert(instance.module).second) open.push_back(instance.module);
  }
  for (; !open.empty(); open.pop_front()) {
    const auto text = read_file(rtl / library.at(open.front()));
    if (!text) return text.errors();
    for (const std::string& word : identifiers_in(without_comments(*text))) {
      const auto found = library.find(word);
      if (found == library.end()) continue;
      if (is_model(found->second)) {
        models.insert(word);
      } else if (used.insert(word).second) {
        open.push_back(word);
      }
    }
  }
  RtlSources sources;
  for (const std::string& name : used) sources.synthesis.push_back(library.at(name));
  for (const std::string& name : models) sources.simulation.push_back(library.at(name));
  // Packages must be read before the modules that use them.
  std::stable_partition(sources.synthesis.begin(), sources.synthesis.end(),
                        [](const fs::path& file) { return file.stem().string().ends_with("_pkg"); });
  return sources;
}

}  // namespace bitmason::emit
