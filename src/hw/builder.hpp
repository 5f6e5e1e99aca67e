#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hw/design.hpp"

/// Grows a Design instance by instance; keeps names unique and chains of combinational `ready` short.
namespace bitmason::hw {

/// How an element is coded on a stream.
struct Format {
  int bits = 1;
  bool is_signed = false;
  [[nodiscard]] IntRange range() const {
    return is_signed ? IntRange::signed_bits(bits) : IntRange::unsigned_bits(bits);
  }
  bool operator==(const Format&) const = default;
};

/// Narrowest code of the range.
Format format_of(const IntRange& range);
/// Narrowest two's complement code of the range.
Format signed_format_of(const IntRange& range);
inline Format format_of(const Stream& stream) {
  return {stream.bits, stream.is_signed};
}

using Parameters = std::vector<std::pair<std::string, ParameterValue>>;

/// `text` as an identifier: other characters become underscores.
std::string identifier(std::string_view text);

class Builder {
 public:
  explicit Builder(Design& design);

  /// Adds a stream that no instance drives yet; its name is made legal and unique.
  StreamId add_stream(Stream stream);
  /// Adds an instance; its name is made legal and unique. `breaks_ready`: its input `ready` does not depend
  /// on its output's in the same cycle.
  void add_instance(Instance instance, bool breaks_ready = false);
  /// Adds a memory file named after the layer; returns its file name.
  std::string add_memory(std::string_view layer, std::string_view what, MemoryFile memory);
  /// Adds memory files whose names are one prefix and each file's own ending; returns the prefix.
  std::string add_memories(std::string_view layer, std::string_view what, std::vector<MemoryFile> memories);

  /// The stream with this many channels a beat, through bm_repack: down to a common divisor, then up.
  StreamId repacked(StreamId from, int channels);
  /// The stream with elements of this format, which holds every value of the stream's own, through a
  /// one-input bm_add.
  StreamId widened(StreamId from, const Format& format);
  /// The stream behind a register slice.
  StreamId sliced(StreamId from);
  /// The stream behind a FIFO of `depth` beats; a register slice where depth <= 2.
  StreamId buffered(StreamId from, int depth, bool block);
  /// `count` copies of the stream.
  std::vector<StreamId> forked(StreamId from, int count);
  /// The stream ready for a module that adds one link to the chain of `ready`.
  StreamId relieved(StreamId from);

  [[nodiscard]] const Stream& stream(StreamId id) const { return design_.stream(id); }
  Design& design() { return design_; }

 private:
  StreamId derived(StreamId from, std::string_view suffix);
  StreamId repack_once(StreamId from, int channels);
  std::string unique(const std::string& name, std::initializer_list<std::string_view> suffixes);

  Design& design_;
  std::set<std::string> names_;
  std::set<std::string> memory_names_;
  std::vector<int> ready_chain_;  ///< per stream: modules since `ready` was last registered
};

}  // namespace bitmason::hw
