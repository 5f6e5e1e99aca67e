#pragma once

#include "import/scope.hpp"

namespace bitmason::import {

/// Findings about a node whose inputs earlier findings prevent: unsupported kinds, float weights, missing
/// activation quantisers.
void examine_poisoned(Scope& scope);

/// What the outputs of a failed or poisoned node stand for.
Poison poison_after(const Scope& scope);

}  // namespace bitmason::import
