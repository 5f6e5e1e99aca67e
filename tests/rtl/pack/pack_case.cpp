#include "pack_case.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace bitmason::rtl {
namespace {

std::int64_t floor_shift(std::int64_t value, int bits) {
  return value >> bits;
}

bool fits_port(const std::vector<int>& offsets, int low, int high, int port) {
  std::int64_t least = 0, most = 0;
  for (const int offset : offsets) {
    least += static_cast<std::int64_t>(low) << offset;
    most += static_cast<std::int64_t>(high) << offset;
  }
  return least >= -(std::int64_t{1} << (port - 1)) && most < std::int64_t{1} << (port - 1);
}

/// Magnitudes may reach the port's sign bit if the top one stands there alone.
bool magnitudes_fit(const std::vector<int>& offsets, std::int64_t most, int port) {
  std::int64_t below = 0;
  for (std::size_t i = 0; i + 1 < offsets.size(); ++i) below += most << offsets[i];
  const std::int64_t all = below + (most << offsets.back());
  if (all < std::int64_t{1} << (port - 1)) return true;
  return all < std::int64_t{1} << port && below < std::int64_t{1} << offsets.back();
}

int bits_of(std::int64_t values) {
  int bits = 0;
  while ((std::int64_t{1} << bits) < values) ++bits;
  return bits;
}

}  // namespace

std::vector<int> PackCase::fields() const {
  std::set<int> places;
  for (const int w : woff)
    for (const int a : aoff) places.insert(w + a);
  return {places.begin(), places.end()};
}

int PackCase::products(int field) const {
  const int place = fields()[static_cast<std::size_t>(field)];
  int count = 0;
  for (const int w : woff) count += static_cast<int>(std::count(aoff.begin(), aoff.end(), place - w));
  return count;
}

std::int64_t PackCase::low() const {
  return std::min({0, wlow * alow, wlow * ahigh, whigh * alow});
}
std::int64_t PackCase::high() const {
  return std::max({0, wlow * alow, whigh * ahigh, wlow * ahigh});
}

int PackCase::out_bits() const {
  std::int64_t reach = 1;
  for (int k = 0; k < static_cast<int>(fields().size()); ++k)
    reach = std::max(reach, std::max(-low(), high() + 1) * products(k) * lanes * steps);
  return bits_of(reach) + 1;
}

int PackCase::side_bits() const {
  const auto places = fields();
  const bool each = prim < 2 || !accum;
  std::int64_t most = 0, least = 0;
  int side = 1;
  for (std::size_t k = 0; k + 1 < places.size(); ++k) {
    const int gap = places[k + 1] - places[k];
    const std::int64_t count = products(static_cast<int>(k)) * chain;
    most = floor_shift(
        (accum ? (std::int64_t{1} << gap) - 1 : 0) + count * (high() - (each ? low() : 0)) + most, gap);
    least = floor_shift(count * (each ? 0 : low()) + least, gap);
    side = std::max(side, bits_of(most - least + 1));
  }
  return side;
}

int PackCase::overlap() const {
  const auto places = fields();
  int most = 0;
  for (std::size_t k = 1; k < places.size(); ++k)
    most = std::max(most, places[k - 1] + bits_of(std::max(-low(), high()) + 1) - places[k]);
  return most;
}

bool PackCase::legal_magnitudes() const {
  const auto places = fields();
  if (static_cast<int>(places.size()) != nw() * na() || overlap() > 3 || out_bits() > 32) return false;
  const std::int64_t w = std::max(-wlow, whigh), a = std::max(-alow, ahigh);
  if (bits_of(w + 1) != wbits || bits_of(a + 1) != abits) return false;
  if (!magnitudes_fit(woff, w, wport()) || !magnitudes_fit(aoff, a, aport())) return false;
  return places.back() + bits_of(w * a + 1) <= accumulator() && cols * lanes * nw() * wbits <= kVectorBits &&
         cols * static_cast<int>(places.size()) * out_bits() <= kVectorBits;
}

bool PackCase::legal() const {
  if (magnitudes) return legal_magnitudes();
  if (!fits_port(woff, wlow, whigh, wport()) || !fits_port(aoff, alow, ahigh, aport())) return false;
  const auto places = fields();
  const int side = side_bits(), room = accumulator() - places.back();
  if (side > 4 || out_bits() > 32 || lanes % chain != 0 || cols % share != 0 || words() > 9) return false;
  if (accum && share * (std::max(words(), side + 2) + side) > steps) return false;
  const bool each = prim < 2 || !accum;
  if (!each && chain > 1) return false;
  if (split)
    return !accum && bits_of((high() - low()) * products(static_cast<int>(places.size()) - 1) + 1) <= room;
  const std::int64_t reach =
      std::max(-low(), high()) * 2 * products(static_cast<int>(places.size()) - 1) * chain + 16;
  // The top field: no wraps where no step adds a bias, at most one step's growth of half its room elsewhere.
  return room >= bits_of(reach * (each ? 1 : steps)) + 2;
}

}  // namespace bitmason::rtl
