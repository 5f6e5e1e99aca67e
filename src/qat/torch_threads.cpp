#include "qat/torch_threads.hpp"

#include <ATen/Parallel.h>
#include <dlfcn.h>

namespace bitmason::qat {

void set_threads(int count) {
  at::set_num_threads(count);
  // OpenBLAS keeps a pool of its own that torch does not reach and whose idle threads yield in a loop, and
  // its results may depend on its size. Looked up because BLAS is a choice of the distribution.
  using Setter = void (*)(int);
  if (const auto set = reinterpret_cast<Setter>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(count);
}

}  // namespace bitmason::qat
