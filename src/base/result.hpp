#pragma once

#include <cassert>
#include <utility>
#include <variant>

#include "base/diagnostic.hpp"

namespace bitmason {

/// A value, or the diagnostics that say why there is none. For errors of the user or the environment;
/// "nothing found" is std::optional and a bug of ours is an assertion.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Diagnostic diagnostic)
      : state_(Diagnostics{std::move(diagnostic)}) {}  // NOLINT(google-explicit-constructor)
  Result(Diagnostics diagnostics) : state_(std::move(diagnostics)) { assert(!errors().empty()); }  // NOLINT

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// Precondition: ok().
  [[nodiscard]] const T& value() const& { return assert(ok()), std::get<0>(state_); }
  [[nodiscard]] T& value() & { return assert(ok()), std::get<0>(state_); }
  [[nodiscard]] T&& value() && { return assert(ok()), std::get<0>(std::move(state_)); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  /// Precondition: !ok().
  [[nodiscard]] const Diagnostics& errors() const { return std::get<1>(state_); }

 private:
  std::variant<T, Diagnostics> state_;
};

/// Success carries nothing.
using Status = Result<std::monostate>;
inline Status success() {
  return std::monostate{};
}

}  // namespace bitmason
