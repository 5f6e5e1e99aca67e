#include "hw/external_weights.hpp"

#include <algorithm>
#include <cassert>

#include "hw/word.hpp"

namespace bitmason::hw {

namespace {

/// Regions start at multiples of a page, so that no burst crosses one.
constexpr std::size_t kPage = 4096;

/// Bits `from` on of the word into the bytes, `bits` of them from bit `at` of the bytes on.
void put_word(const std::vector<std::uint64_t>& limbs, int bits, std::string& bytes, std::size_t at) {
  for (int bit = 0; bit < bits; ++bit) {
    const auto index = static_cast<std::size_t>(bit);
    if (((limbs[index / 64] >> (index % 64)) & 1) == 0) continue;
    const std::size_t place = at + index;
    bytes[place / 8] = static_cast<char>(static_cast<unsigned char>(bytes[place / 8]) | (1U << (place % 8)));
  }
}

/// The words as beats: several whole words in one, or one word in several whole beats.
std::string image_of(const MemoryFile& words, int port_bits) {
  const auto port = static_cast<std::size_t>(port_bits);
  const auto width = static_cast<std::size_t>(words.width);
  const std::size_t per_beat = std::max<std::size_t>(1, port / width);
  const std::size_t beats = width > port ? words.words.size() * ((width + port - 1) / port)
                                         : (words.words.size() + per_beat - 1) / per_beat;
  std::string bytes(beats * port / 8, '\0');
  for (std::size_t k = 0; k < words.words.size(); ++k) {
    const std::size_t at =
        width > port ? k * ((width + port - 1) / port) * port : k / per_beat * port + k % per_beat * width;
    put_word(words.words[k], words.width, bytes, at);
  }
  return bytes;
}

}  // namespace

StreamId read_from_memory(Design& design, Builder& builder, const MemoryFile& words, const MemoryRead& read) {
  ExternalMemory& memory = design.external;
  memory.port_bits = read.port_bits;
  memory.image.resize((memory.image.size() + kPage - 1) / kPage * kPage, '\0');
  const std::string bytes = image_of(words, read.port_bits);
  const int port_bytes = read.port_bits / 8;
  const int beats = static_cast<int>(bytes.size()) / port_bytes;
  const int count = static_cast<int>(words.words.size());
  const StreamId from = builder.add_stream({.name = read.layer + "_beats",
                                            .shape = {port_bytes, beats, read.times_per_frame},
                                            .channels_per_beat = port_bytes,
                                            .bits = 8,
                                            .layer = {}});
  const int lanes = words.width / read.weight_bits;
  const StreamId to = builder.add_stream({.name = read.layer + "_weights",
                                          .shape = {lanes, count, read.times_per_frame},
                                          .channels_per_beat = lanes,
                                          .bits = read.weight_bits,
                                          .is_signed = true,
                                          .layer = {}});
  builder.add_instance({.name = "u_" + builder.stream(to).name,
                        .module = "bm_weight_unpack",
                        .parameters = {{"DATA", std::int64_t{read.port_bits}},
                                       {"WIDTH", std::int64_t{words.width}},
                                       {"WORDS", std::int64_t{count}}},
                        .inputs = {{"in", from}},
                        .outputs = {{"out", to}},
                        .layer = read.layer});
  memory.regions.push_back({.layer = read.layer,
                            .stream = from,
                            .offset = static_cast<std::int64_t>(memory.image.size()),
                            .beats = beats,
                            .words = count,
                            .word_bits = words.width,
                            .times_per_frame = read.times_per_frame,
                            .fifo = read.fifo});
  memory.image += bytes;
  return to;
}

void add_memory_port(Design& design) {
  const ExternalMemory& memory = design.external;
  if (memory.regions.empty()) return;
  Word offsets, beats, depths;
  Instance port{.name = "u_m_axi",
                .module = "bm_axi_weights",
                .parameters = {},
                .inputs = {},
                .outputs = {},
                .layer = {}};
  for (const ExternalRegion& region : memory.regions) {
    offsets.append(region.offset, 32);
    beats.append(region.beats, 32);
    depths.append(region.fifo, 32);
    port.outputs.push_back({"out", region.stream});
  }
  port.parameters = {{"COUNT", static_cast<std::int64_t>(memory.regions.size())},
                     {"DATA", std::int64_t{memory.port_bits}},
                     {"ADDRESS", std::int64_t{ExternalMemory::kAddressBits}},
                     {"BURST", std::int64_t{plan::kBurstBeats}},
                     {"OFFSET", offsets.constant()},
                     {"BEATS", beats.constant()},
                     {"DEPTH", depths.constant()}};
  design.instances.insert(design.instances.begin(), std::move(port));
}

}  // namespace bitmason::hw
