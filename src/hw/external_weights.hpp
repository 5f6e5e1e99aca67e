#pragma once

#include "hw/builder.hpp"

/// Weights that lie in external memory: the image, and the modules that read it (docs/weight_streaming.md).
namespace bitmason::hw {

/// What one layer reads.
struct MemoryRead {
  std::string layer;
  int port_bits = 0;        ///< of a beat of the memory
  int weight_bits = 0;      ///< a word is a row of these
  int times_per_frame = 1;  ///< the whole set
  std::int64_t fifo = 0;    ///< beats
};

/// Appends the words to the image; returns their stream, which bm_weight_unpack makes from beats of the port.
StreamId read_from_memory(Design& design, Builder& builder, const MemoryFile& words, const MemoryRead& read);

/// Puts bm_axi_weights, which drives the streams of all regions, before all other instances; nothing where
/// there is none.
void add_memory_port(Design& design);

}  // namespace bitmason::hw
