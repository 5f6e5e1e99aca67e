#include "hw/builder.hpp"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <numeric>

#include "hw/word.hpp"

namespace bitmason::hw {

namespace {

/// docs/hardware.md allows 4 modules; the consumer itself is the last.
constexpr int kLongestReadyChain = 3;

}  // namespace

Format format_of(const IntRange& range) {
  return {range.bits(), range.is_signed()};
}

Format signed_format_of(const IntRange& range) {
  return {range.united({-1, 0}).bits(), true};
}

std::string identifier(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool legal = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    name += legal ? c : '_';
  }
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) name.insert(0, "l");
  return name;
}

Builder::Builder(Design& design) : design_(design), names_{"ap_clk", "ap_rst_n"} {}

std::string Builder::unique(const std::string& name, std::initializer_list<std::string_view> suffixes) {
  const auto taken = [&](const std::string& candidate) {
    return std::any_of(suffixes.begin(), suffixes.end(), [&](std::string_view suffix) {
      return names_.contains(candidate + std::string(suffix));
    });
  };
  std::string candidate = name;
  for (int number = 2; taken(candidate); ++number) candidate = name + "_" + std::to_string(number);
  for (const std::string_view suffix : suffixes) names_.insert(candidate + std::string(suffix));
  return candidate;
}

StreamId Builder::add_stream(Stream stream) {
  stream.name = unique(identifier(stream.name), {"_valid", "_ready", "_data"});
  design_.streams.push_back(std::move(stream));
  ready_chain_.push_back(0);
  return {static_cast<int>(design_.streams.size()) - 1};
}

void Builder::add_instance(Instance instance, bool breaks_ready) {
  instance.name = unique(identifier(instance.name), {""});
  int chain = 0;
  for (const Binding& input : instance.inputs) {
    chain = std::max(chain, ready_chain_[static_cast<std::size_t>(input.stream.index)]);
  }
  for (const Binding& output : instance.outputs) {
    ready_chain_[static_cast<std::size_t>(output.stream.index)] = breaks_ready ? 0 : chain + 1;
  }
  design_.instances.push_back(std::move(instance));
}

std::string Builder::add_memory(std::string_view layer, std::string_view what, MemoryFile memory) {
  const std::string base = identifier(layer) + "_" + std::string(what);
  std::string name = base + ".hex";
  for (int number = 2; !memory_names_.insert(name).second; ++number) {
    name = base + "_" + std::to_string(number) + ".hex";
  }
  memory.name = name;
  design_.memories.push_back(std::move(memory));
  return name;
}

std::string Builder::add_memories(std::string_view layer, std::string_view what,
                                  std::vector<MemoryFile> memories) {
  const std::string base = identifier(layer) + "_" + std::string(what);
  std::string prefix = base;
  for (int number = 2; !memory_names_.insert(prefix).second; ++number)
    prefix = base + "_" + std::to_string(number);
  for (MemoryFile& memory : memories) {
    memory.name.insert(0, prefix);
    design_.memories.push_back(std::move(memory));
  }
  return prefix;
}

StreamId Builder::derived(StreamId from, std::string_view suffix) {
  Stream copy = stream(from);
  copy.name += "_" + std::string(suffix);
  return add_stream(std::move(copy));
}

StreamId Builder::relieved(StreamId from) {
  const int chain = ready_chain_[static_cast<std::size_t>(from.index)];
  return chain >= kLongestReadyChain ? sliced(from) : from;
}

StreamId Builder::repack_once(StreamId from, int channels) {
  from = relieved(from);
  const StreamId to = derived(from, "repacked");
  design_.streams.back().channels_per_beat = channels;
  add_instance({.name = "u_" + stream(to).name,
                .module = "bm_repack",
                .parameters = {{"BITS", std::int64_t{stream(from).bits}},
                               {"CH_IN", std::int64_t{stream(from).channels_per_beat}},
                               {"CH_OUT", std::int64_t{channels}}},
                .inputs = {{"in", from}},
                .outputs = {{"out", to}},
                .layer = {}});
  return to;
}

StreamId Builder::repacked(StreamId from, int channels) {
  const int have = stream(from).channels_per_beat;
  if (have == channels) return from;
  const int common = std::gcd(have, channels);
  if (common != have && common != channels) from = repack_once(from, common);
  return repack_once(from, channels);
}

StreamId Builder::widened(StreamId from, const Format& format) {
  if (format_of(stream(from)) == format) return from;
  from = relieved(from);
  const StreamId to = derived(from, "widened");
  design_.streams.back().bits = format.bits;
  design_.streams.back().is_signed = format.is_signed;
  const Stream& source = stream(from);
  add_instance({.name = "u_" + stream(to).name,
                .module = "bm_add",
                .parameters = {{"CH", std::int64_t{source.channels_per_beat}},
                               {"COUNT", std::int64_t{1}},
                               {"BITS_A", std::int64_t{source.bits}},
                               {"SIGNED_A", std::int64_t{source.is_signed}},
                               {"MUL_A", wide_parameter(1)},
                               {"CONST", wide_parameter(0)},
                               {"OUT_BITS", std::int64_t{format.bits}}},
                .inputs = {{"a", from}},
                .outputs = {{"out", to}},
                .layer = {},
                .idle = {"b"}});
  return to;
}

StreamId Builder::sliced(StreamId from) {
  const StreamId to = derived(from, "sliced");
  add_instance({.name = "u_" + stream(to).name,
                .module = "bm_skid",
                .parameters = {{"WIDTH", std::int64_t{stream(from).width()}}},
                .inputs = {{"in", from}},
                .outputs = {{"out", to}},
                .layer = {}},
               true);
  return to;
}

StreamId Builder::buffered(StreamId from, int depth, bool block) {
  if (depth <= 2) return sliced(from);
  const StreamId to = derived(from, "buffered");
  add_instance({.name = "u_" + stream(to).name,
                .module = "bm_fifo",
                .parameters = {{"WIDTH", std::int64_t{stream(from).width()}},
                               {"DEPTH", std::int64_t{depth}},
                               {"BLOCK", std::int64_t{block}}},
                .inputs = {{"in", from}},
                .outputs = {{"out", to}},
                .layer = {}},
               true);
  return to;
}

std::vector<StreamId> Builder::forked(StreamId from, int count) {
  from = relieved(from);
  Instance fork{.name = "u_" + stream(from).name + "_fork",
                .module = "bm_fork",
                .parameters = {{"WIDTH", std::int64_t{stream(from).width()}}, {"COUNT", std::int64_t{count}}},
                .inputs = {{"in", from}},
                .outputs = {},
                .layer = {}};
  std::vector<StreamId> copies;
  for (int k = 0; k < count; ++k) {
    copies.push_back(derived(from, "copy"));
    fork.outputs.push_back({"out", copies.back()});
  }
  add_instance(std::move(fork));
  return copies;
}

}  // namespace bitmason::hw
