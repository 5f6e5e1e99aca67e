#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace bitmason {

/// One row of a room's table of diagnostics: a stable code and a text with `{}` for each argument.
///
/// The text says what disagrees (both numbers) and, after a semicolon, what to do about it.
struct DiagnosticKind {
  std::string_view code;
  std::string_view text;
};

/// One finding about the user's input or environment.
struct Diagnostic {
  std::string code;
  std::string where;  ///< file, node, option or device field
  std::string text;
  std::string details{};  ///< the same for programs: one JSON object as text; empty: none

  /// "where: text [code]"
  [[nodiscard]] std::string message() const;
  bool operator==(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

/// Fills each `{}` of the kind's text with the next argument, in order.
Diagnostic make_diagnostic(const DiagnosticKind& kind, std::string_view where,
                           std::initializer_list<std::string> arguments = {});

/// One message a line.
std::string to_text(const Diagnostics& diagnostics);

}  // namespace bitmason
