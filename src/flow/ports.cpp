#include "flow/ports.hpp"

#include <optional>
#include <set>

#include "base/text.hpp"
#include "flow/diagnostics.hpp"

namespace bitmason::flow {

namespace {

/// Index of the port that `argument` names: the longest name followed by "=". Nothing where none is.
std::optional<std::size_t> named_port(const std::string& argument, const std::vector<std::string>& ports) {
  std::optional<std::size_t> best;
  for (std::size_t k = 0; k < ports.size(); ++k) {
    if (!argument.starts_with(ports[k] + "=")) continue;
    if (!best || ports[k].size() > ports[*best].size()) best = k;
  }
  return best;
}

/// True where an argument with "=" is plainly a path: the file exists, or its folder does and holds the "=".
bool is_path(const std::string& argument) {
  std::error_code error;
  if (std::filesystem::exists(argument, error)) return true;
  const std::filesystem::path folder = std::filesystem::path(argument).parent_path();
  return folder.string().find('=') != std::string::npos && std::filesystem::is_directory(folder, error);
}

}  // namespace

Result<std::vector<std::filesystem::path>> match_files(const std::vector<std::string>& arguments,
                                                       const std::vector<std::string>& ports,
                                                       std::string_view what) {
  const std::string option = what == "inputs" ? "--input" : "--output";
  if (arguments.size() != ports.size()) {
    return make_diagnostic(
        diagnostics::kPortCount, option,
        {std::to_string(ports.size()), std::string(what), joined(ports), std::to_string(arguments.size())});
  }
  std::vector<std::filesystem::path> files(ports.size());
  for (const std::string& argument : arguments) {
    const auto port = named_port(argument, ports);
    const std::string name = argument.substr(0, argument.find('='));
    if (!port && (ports.size() > 1 || (name.size() < argument.size() && !is_path(argument))))
      return make_diagnostic(diagnostics::kUnknownPort, name, {std::string(what), joined(ports)});
    const std::string file = port ? argument.substr(ports[*port].size() + 1) : argument;
    if (file.empty()) return make_diagnostic(diagnostics::kNoName, option, {"file", "x.npy"});
    std::filesystem::path& place = files[port.value_or(0)];
    if (!place.empty())
      return make_diagnostic(diagnostics::kNamedTwice, option, {ports[*port], joined(ports)});
    place = file;
  }
  return files;
}

Status check_distinct(const std::vector<std::filesystem::path>& files) {
  std::set<std::filesystem::path> seen;
  for (const std::filesystem::path& file : files) {
    std::error_code error;
    std::filesystem::path whole = std::filesystem::absolute(file, error);
    if (!error) whole = std::filesystem::weakly_canonical(whole, error);
    if (error) whole = file;
    if (!seen.insert(whole.lexically_normal()).second)
      return make_diagnostic(diagnostics::kSameFile, file.string());
  }
  return success();
}

}  // namespace bitmason::flow
