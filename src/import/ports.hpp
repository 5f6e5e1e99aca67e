#pragma once

#include "import/scope.hpp"

namespace bitmason::import {

/// Gives every graph input its frame and its value: the raw input, or codes where the file's type or an
/// option makes it integer.
void declare_inputs(Session& session, Diagnostics& findings);

/// Declares every graph output with its layout, dequantisation and host tail.
void declare_outputs(Session& session, Diagnostics& findings);

/// Findings about the options themselves.
Diagnostics check_options(const Options& options);

}  // namespace bitmason::import
