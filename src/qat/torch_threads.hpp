#pragma once

namespace bitmason::qat {

/// Lets torch and the BLAS library under it use `count` threads of this process, no more and no fewer.
void set_threads(int count);

}  // namespace bitmason::qat
