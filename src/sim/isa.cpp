#include <cassert>

#include "sim/kernels.hpp"

namespace bitmason::sim {

bool is_supported(Isa isa) {
#if defined(__x86_64__)
  if (isa == Isa::Avx2)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  if (isa == Isa::Avx512Vnni) {
    return is_supported(Isa::Avx2) && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
  }
#endif
  return isa == Isa::Portable;
}

Isa best_isa() {
  for (const Isa isa : {Isa::Avx512Vnni, Isa::Avx2}) {
    if (is_supported(isa)) return isa;
  }
  return Isa::Portable;
}

std::string_view name_of(Isa isa) {
  static constexpr std::string_view kNames[] = {"portable", "avx2", "avx512vnni"};
  return kNames[static_cast<std::size_t>(isa)];
}

const Kernels& kernels_of(Isa isa) {
  assert(is_supported(isa));
#if defined(__x86_64__)
  if (isa == Isa::Avx2) return kAvx2Kernels;
  if (isa == Isa::Avx512Vnni) return kAvx512VnniKernels;
#endif
  return kPortableKernels;
}

}  // namespace bitmason::sim
