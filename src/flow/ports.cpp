#include "flow/ports.hpp"

#include <algorithm>

#include "flow/diagnostics.hpp"

namespace bitmason::flow {

namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

Result<std::vector<std::filesystem::path>> match_files(const std::vector<std::string>& arguments,
                                                       const std::vector<std::string>& ports,
                                                       std::string_view what) {
  if (arguments.size() != ports.size()) {
    return make_diagnostic(
        diagnostics::kPortCount, "",
        {std::to_string(ports.size()), std::string(what), joined(ports), std::to_string(arguments.size())});
  }
  std::vector<std::filesystem::path> files(ports.size());
  for (const std::string& argument : arguments) {
    const auto equals = argument.find('=');
    if (equals == std::string::npos && ports.size() == 1) {
      files[0] = argument;
      continue;
    }
    const std::string name = argument.substr(0, equals);
    const auto port = std::ranges::find(ports, name);
    if (equals == std::string::npos || port == ports.end()) {
      return make_diagnostic(diagnostics::kUnknownPort, name, {std::string(what), joined(ports)});
    }
    files[static_cast<std::size_t>(port - ports.begin())] = argument.substr(equals + 1);
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!files[i].empty()) continue;
    return make_diagnostic(
        diagnostics::kPortCount, ports[i],
        {std::to_string(ports.size()), std::string(what), joined(ports), std::to_string(arguments.size())});
  }
  return files;
}

}  // namespace bitmason::flow
