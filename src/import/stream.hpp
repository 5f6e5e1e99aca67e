#pragma once

#include <optional>
#include <string>

#include "import/function.hpp"
#include "import/scope.hpp"

/// What may be done to a stream: appending steps, quantising, and turning it into a tensor of codes.
namespace bitmason::import {

/// How a quantiser maps real values to codes and codes to real values.
struct Quantiser {
  ir::ScalarFunction steps;  ///< real -> code, ends in integers within `range`
  IntRange range;
  ir::ScalarFunction value;  ///< code -> real
};

/// The stream with elementwise steps after it; false (and findings) where deferred pooling forbids them.
bool append_steps(Scope& scope, Stream& stream, const ir::ScalarFunction& steps);

/// The stream with a quantiser after it, which becomes a layer later (see settle).
bool quantise(Scope& scope, Stream& stream, const Quantiser& quantiser);

/// Makes `tensor` hold the codes: emits the input or requantisation that is still owed, then the deferred
/// pools. On success codes and pools are empty.
bool settle(Scope& scope, Stream& stream);

/// Settles, and makes the value affine: scale and offset per channel or one for all.
std::optional<ir::AffineStep> settle_affine(Scope& scope, Stream& stream);

/// True where the quantiser returns every value the stream can take unchanged, so that no layer is needed.
bool is_identity(const Session& session, const Stream& stream, const Quantiser& quantiser);

/// A finding unless elements are in order and no Pad is owed; tries a space-to-depth or depth-to-space layer
/// where a Reshape and Transpose mean one.
bool make_canonical(Scope& scope, Stream& stream);

/// Values of a constant for each channel (one where all agree) under broadcasting; the stream's rank grows
/// where the constant's is larger. Nothing (and a finding) where pixels differ.
std::optional<std::vector<Rational>> channel_values(Scope& scope, Stream& stream, const Constant& constant,
                                                    std::string_view name);

/// A finding where a Pad is owed.
bool refuse_padding(Scope& scope, const Stream& stream);

/// Text that is equal for equal functions.
std::string signature(const ir::ScalarFunction& function);

}  // namespace bitmason::import
