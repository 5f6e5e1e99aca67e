#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "verify/design_files.hpp"

namespace bitmason::verify {

/// Codes of one frame in (C, H, W) order; the same type as sim::Codes.
using FrameCodes = std::vector<std::int64_t>;

/// The frame as beats, `bytes()` bytes each, little endian: pixels in row-major order, channels ascending,
/// element 0 in the lowest bits, only the whole beat padded (with zeros). Precondition: check_frame succeeds.
std::string pack_frame(const StreamFacts& stream, const FrameCodes& codes);

/// The inverse for `beats_per_frame() * bytes()` bytes; elements are sign-extended where the stream is
/// signed.
FrameCodes unpack_frame(const StreamFacts& stream, std::string_view bytes);

/// Number and range of the codes of frame `index`. Errors: BM-VERIFY-021, BM-VERIFY-022.
Status check_frame(const StreamFacts& stream, const FrameCodes& codes, std::size_t index);

/// One transfer seen by the bench.
struct Beat {
  std::uint64_t cycle = 0;  ///< clock edges since reset ended
  bool last = false;
  std::string data;  ///< little endian
};

/// Beats of a record file of the bench: 8 bytes cycle, 1 byte tlast, data. Errors: BM-FILE-001,
/// BM-VERIFY-023.
Result<std::vector<Beat>> read_beats(const std::filesystem::path& file, int data_bytes);

}  // namespace bitmason::verify
