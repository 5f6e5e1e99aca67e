#include "verify/depth.hpp"

#include <algorithm>
#include <cassert>

namespace bitmason::verify {

bool meets_rule(const Depth& depth) {
  return severity(depth) <= 1;
}

double severity(const Depth& depth) {
  const double levels = depth.levels;
  if (depth.carry_bits == 0) return levels / kMaxLevels;
  return std::max(levels / kMaxLevelsWithCarry, static_cast<double>(depth.carry_bits) / kMaxCarryBits);
}

void add_path(Paths& paths, Path path) {
  const auto covers = [](const Depth& a, const Depth& b) {
    return a.levels >= b.levels && a.carry_bits >= b.carry_bits;
  };
  for (const Path& other : paths) {
    if (covers(other.depth, path.depth)) return;
  }
  std::erase_if(paths, [&](const Path& other) { return covers(path.depth, other.depth); });
  paths.push_back(std::move(path));
}

const Path& worst_of(const Paths& paths) {
  assert(!paths.empty());
  return *std::max_element(paths.begin(), paths.end(), [](const Path& a, const Path& b) {
    const double left = severity(a.depth);
    const double right = severity(b.depth);
    return left != right ? left < right : a.depth < b.depth;
  });
}

Paths ModuleDepth::all() const {
  Paths paths = inside;
  for (const auto* group : {&to_register, &from_register}) {
    for (const auto& [port, some] : *group) {
      for (const Path& path : some) add_path(paths, path);
    }
  }
  for (const auto& [ports, some] : through) {
    for (const Path& path : some) add_path(paths, path);
  }
  return paths;
}

}  // namespace bitmason::verify
