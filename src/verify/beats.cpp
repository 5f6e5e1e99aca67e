#include "verify/beats.hpp"

#include <cassert>

#include "base/file.hpp"
#include "base/integer_range.hpp"
#include "verify/diagnostics.hpp"

namespace bitmason::verify {

namespace {

/// Calls `visit(element index in the frame's codes, bit offset of the element in the frame's beats)`.
template <class Visit>
void for_each_element(const StreamFacts& stream, Visit visit) {
  const ir::Shape& shape = stream.shape;
  const auto beat_bits = static_cast<std::size_t>(stream.bytes()) * 8;
  const auto per_beat = static_cast<std::size_t>(stream.channels_per_beat);
  std::size_t sent = 0;
  for (int y = 0; y < shape.height; ++y) {
    for (int x = 0; x < shape.width; ++x) {
      for (int c = 0; c < shape.channels; ++c, ++sent) {
        visit(shape.index(c, y, x),
              sent / per_beat * beat_bits + sent % per_beat * static_cast<std::size_t>(stream.bits));
      }
    }
  }
}

IntRange range_of(const StreamFacts& stream) {
  return stream.is_signed ? IntRange::signed_bits(stream.bits) : IntRange::unsigned_bits(stream.bits);
}

std::size_t frame_bytes(const StreamFacts& stream) {
  return static_cast<std::size_t>(stream.beats_per_frame()) * static_cast<std::size_t>(stream.bytes());
}

}  // namespace

std::string pack_frame(const StreamFacts& stream, const FrameCodes& codes) {
  assert(codes.size() == static_cast<std::size_t>(stream.shape.elements()));
  std::string bytes(frame_bytes(stream), '\0');
  for_each_element(stream, [&](std::size_t element, std::size_t offset) {
    const auto code = static_cast<std::uint64_t>(codes[element]);
    for (int bit = 0; bit < stream.bits; ++bit, ++offset) {
      if (((code >> bit) & 1) != 0)
        bytes[offset / 8] =
            static_cast<char>(static_cast<unsigned char>(bytes[offset / 8]) | (1U << (offset % 8)));
    }
  });
  return bytes;
}

FrameCodes unpack_frame(const StreamFacts& stream, std::string_view bytes) {
  assert(bytes.size() == frame_bytes(stream));
  FrameCodes codes(static_cast<std::size_t>(stream.shape.elements()));
  for_each_element(stream, [&](std::size_t element, std::size_t offset) {
    std::uint64_t code = 0;
    for (int bit = 0; bit < stream.bits; ++bit, ++offset) {
      const auto value = static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[offset / 8]));
      code |= ((value >> (offset % 8)) & 1) << bit;
    }
    const bool negative = stream.is_signed && stream.bits < 64 && ((code >> (stream.bits - 1)) & 1) != 0;
    if (negative) code |= ~std::uint64_t{0} << stream.bits;
    codes[element] = static_cast<std::int64_t>(code);
  });
  return codes;
}

Status check_frame(const StreamFacts& stream, const FrameCodes& codes, std::size_t index) {
  const auto elements = static_cast<std::size_t>(stream.shape.elements());
  if (codes.size() != elements) {
    return make_diagnostic(diagnostics::kFrameSize, stream.name,
                           {std::to_string(index), std::to_string(codes.size()), std::to_string(elements)});
  }
  for (const std::int64_t code : codes) {
    if (range_of(stream).contains(code)) continue;
    return make_diagnostic(diagnostics::kFrameRange, stream.name,
                           {std::to_string(index), std::to_string(code), std::to_string(stream.bits),
                            stream.is_signed ? "signed" : "unsigned"});
  }
  return success();
}

Result<std::vector<Beat>> read_beats(const std::filesystem::path& file, int data_bytes) {
  const auto content = read_file(file);
  if (!content) return content.errors();
  const std::size_t header = 9;
  const std::size_t size = header + static_cast<std::size_t>(data_bytes);
  if (content->size() % size != 0) {
    return make_diagnostic(diagnostics::kRecord, file.string(),
                           {std::to_string(content->size()), std::to_string(size)});
  }
  std::vector<Beat> beats;
  for (std::size_t at = 0; at < content->size(); at += size) {
    Beat beat;
    for (std::size_t k = 0; k < 8; ++k) {
      const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>((*content)[at + k]));
      beat.cycle |= byte << (8 * k);
    }
    beat.last = (*content)[at + 8] != 0;
    beat.data = content->substr(at + header, static_cast<std::size_t>(data_bytes));
    beats.push_back(std::move(beat));
  }
  return beats;
}

}  // namespace bitmason::verify
