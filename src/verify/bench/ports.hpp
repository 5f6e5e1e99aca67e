#pragma once

// Uniform access to Verilator's port types: plain integers up to 64 bits, VlWide above.

#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

#include "verilated.h"

namespace bench {

template <class Port>
std::enable_if_t<std::is_integral_v<Port>, bool> bit(const Port& port, unsigned index) {
  return ((static_cast<std::uint64_t>(port) >> index) & 1) != 0;
}
template <std::size_t N>
bool bit(const VlWide<N>& port, unsigned index) {
  return ((port.m_storage[index / 32] >> (index % 32)) & 1) != 0;
}

template <class Port>
std::enable_if_t<std::is_integral_v<Port>> set_bit(Port& port, unsigned index, bool value) {
  const std::uint64_t mask = std::uint64_t{1} << index;
  const std::uint64_t word = static_cast<std::uint64_t>(port);
  port = static_cast<Port>(value ? word | mask : word & ~mask);
}
template <std::size_t N>
void set_bit(VlWide<N>& port, unsigned index, bool value) {
  const EData mask = EData{1} << (index % 32);
  EData& word = port.m_storage[index / 32];
  word = value ? word | mask : word & ~mask;
}

template <class Port>
std::enable_if_t<std::is_integral_v<Port>, unsigned char*> bytes_of(Port& port) {
  return reinterpret_cast<unsigned char*>(&port);
}
template <std::size_t N>
unsigned char* bytes_of(VlWide<N>& port) {
  return reinterpret_cast<unsigned char*>(port.m_storage);
}

/// Bits [offset, offset + width) of the port, little endian.
template <class Port>
void get_bits(Port& port, unsigned offset, unsigned width, std::string& into) {
  into.assign((width + 7) / 8, '\0');
  if (offset % 8 == 0 && width % 8 == 0) {
    std::memcpy(into.data(), bytes_of(port) + offset / 8, width / 8);
    return;
  }
  for (unsigned k = 0; k < width; ++k) {
    if (bit(port, offset + k)) into[k / 8] = static_cast<char>(into[k / 8] | (1 << (k % 8)));
  }
}

template <class Port>
void set_bits(Port& port, unsigned offset, unsigned width, const char* from) {
  if (offset % 8 == 0 && width % 8 == 0) {
    std::memcpy(bytes_of(port) + offset / 8, from, width / 8);
    return;
  }
  for (unsigned k = 0; k < width; ++k) set_bit(port, offset + k, ((from[k / 8] >> (k % 8)) & 1) != 0);
}

}  // namespace bench
