#pragma once

#include "search/engines.hpp"
#include "search_setup.hpp"

namespace bitmason::train_cli {

/// The engine "refined": `rounds` times, sensitivities measured around the choice found last, from that of
/// "exact" on, and "exact" again with them; of all found the one of least divergence. Measured losses are
/// kept in request.out/losses. All must outlive it.
search::Engine refined_engine(const SearchRequest& request, int rounds, const SearchSetup& setup);

}  // namespace bitmason::train_cli
