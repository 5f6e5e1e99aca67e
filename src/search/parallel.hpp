#pragma once

#include <cstddef>
#include <functional>

namespace bitmason::search {

/// Calls task(0) .. task(count - 1), shared out over so many threads; returns when all have finished. The
/// task must not throw.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& task);

}  // namespace bitmason::search
