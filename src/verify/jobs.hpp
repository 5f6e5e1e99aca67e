#pragma once

#include <cstddef>
#include <functional>

#include "base/result.hpp"

namespace bitmason::verify {

/// Runs task(0) .. task(count - 1) on up to `jobs` threads, lower numbers first. After the first failure no
/// further task starts; the errors of all that ran are returned.
Status run_jobs(int jobs, std::size_t count, const std::function<Status(std::size_t)>& task);

}  // namespace bitmason::verify
