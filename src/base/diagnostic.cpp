#include "base/diagnostic.hpp"

#include <cassert>

namespace bitmason {

std::string Diagnostic::message() const {
  return (where.empty() ? std::string() : where + ": ") + text + " [" + code + "]";
}

Diagnostic make_diagnostic(const DiagnosticKind& kind, std::string_view where,
                           std::initializer_list<std::string> arguments) {
  Diagnostic diagnostic{std::string(kind.code), std::string(where), {}};
  std::string_view rest = kind.text;
  for (const std::string& argument : arguments) {
    const auto hole = rest.find("{}");
    assert(hole != std::string_view::npos && "more arguments than holes");
    diagnostic.text.append(rest.substr(0, hole)).append(argument);
    rest.remove_prefix(hole + 2);
  }
  assert(rest.find("{}") == std::string_view::npos && "fewer arguments than holes");
  diagnostic.text.append(rest);
  return diagnostic;
}

std::string to_text(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += diagnostic.message() + "\n";
  return text;
}

}  // namespace bitmason
