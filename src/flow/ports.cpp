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
    if (!port && ports.size() > 1) {
      return make_diagnostic(diagnostics::kUnknownPort, argument.substr(0, argument.find('=')),
                             {std::string(what), joined(ports)});
    }
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
