#pragma once

#include "flow/planning.hpp"

namespace bitmason::flow {

/// The plan's document with the utilisation of its DSPs at the planned interval: one line of text, and
/// `dsp_utilisation` in JSON.
Document with_utilisation(const PlannedNetwork& planned, const Document& document);

}  // namespace bitmason::flow
