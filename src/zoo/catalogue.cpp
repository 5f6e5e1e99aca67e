#include "zoo/catalogue.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "zoo/diagnostics.hpp"

namespace bitmason::zoo {

namespace {

constexpr int kDefaultBits = 4;
constexpr int kDefaultImageBits = 8;

/// The same width in every layer, the image's apart.
Bits uniform(const Topology& topology, int weights, int activations, int image) {
  const auto layers = topology.weighted().size();
  Bits bits{std::vector<int>(layers, weights), std::vector<int>(layers, activations)};
  bits.activations.front() = image;
  return bits;
}

constexpr const char* kMixq = "bits found by the search of DeepBurning-MixQ";

Entry ultranet_entry() {
  Topology net = ultranet(false);
  Bits ismart = uniform(net, 4, 4, 8);
  ismart.weights.front() = ismart.weights.back() = 8;
  return {net,
          "BJUT, DAC-SDC 2020",
          {{"w4a4", uniform(net, 4, 4, 8), "BJUT, DAC-SDC 2020"},
           {"ismart", ismart, "iSmart, DAC-SDC 2021"},
           {"mixq", {{5, 3, 2, 5, 5, 5, 5, 5, 8}, {7, 3, 3, 6, 7, 7, 6, 6, 5}}, kMixq}}};
}

Entry skynet_entry() {
  Topology net = skynet(3);
  return {
      net,
      "Zhang et al., MLSys 2020, without its bypass",
      {{"mixq", {{8, 7, 6, 5, 6, 5, 8, 5, 8, 3, 6, 8, 8}, {8, 8, 8, 3, 8, 7, 8, 5, 7, 5, 5, 5, 6}}, kMixq},
       {"w5a8", uniform(net, 5, 8, 8), "DeepBurning-MixQ"}}};
}

Entry cnv_entry() {
  Topology net = cnv();
  return {net,
          "FINN, FPGA 2017",
          {{"w2a2", uniform(net, 2, 2, 8), "FINN"},
           {"w1a2", uniform(net, 1, 2, 8), "FINN"},
           {"w1a1", uniform(net, 1, 1, 8), "FINN"}}};
}

std::vector<Entry> make_catalogue() {
  const Topology mobilenet = mobilenet_v1();
  const Topology resnet = resnet8();
  const Topology keywords = ds_cnn();
  return {
      ultranet_entry(),
      {ultranet(true), "DeepBurning-MixQ", {}},
      skynet_entry(),
      {skynet(5), "DeepBurning-MixQ", {}},
      {vgg_tiny(),
       "DeepBurning-MixQ",
       {{"mixq",
         {{8, 2, 2, 2, 2, 2, 8}, {8, 3, 3, 3, 6, 3, 8}},
         "DeepBurning-MixQ; the dense layer is ours"}}},
      {resnet, "MLPerf Tiny", {{"int8", uniform(resnet, 8, 8, 8), "MLPerf Tiny"}}},
      {keywords, "MLPerf Tiny", {{"int8", uniform(keywords, 8, 8, 8), "MLPerf Tiny"}}},
      cnv_entry(),
      {mobilenet, "Howard et al., 2017", {{"w4a4", uniform(mobilenet, 4, 4, 8), "FINN"}}},
  };
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

/// One number per layer from those given. Errors: BM-ZOO-002, BM-ZOO-003.
Result<std::vector<int>> spread(const Topology& net, const std::vector<int>& given, std::string_view option) {
  const auto layers = net.weighted().size();
  if (given.size() != 1 && given.size() != layers) {
    const auto count = std::to_string(layers);
    return make_diagnostic(diagnostics::kBitsCount, option,
                           {net.name, count, std::to_string(given.size()), count});
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i] < 1 || given[i] > 8) {
      return make_diagnostic(diagnostics::kBitsRange, option,
                             {std::to_string(i + 1), std::to_string(given[i])});
    }
  }
  return given.size() == 1 ? std::vector<int>(layers, given.front()) : given;
}

Result<Bits> start_of(const Entry& entry, const std::string& configuration) {
  if (configuration.empty()) {
    if (entry.published.empty())
      return uniform(entry.topology, kDefaultBits, kDefaultBits, kDefaultImageBits);
    return entry.published.front().bits;
  }
  std::vector<std::string> names;
  for (const Configuration& known : entry.published) {
    if (known.name == lower(configuration)) return known.bits;
    names.push_back(known.name);
  }
  return make_diagnostic(diagnostics::kUnknownConfiguration, "--bits",
                         {entry.topology.name, configuration, names.empty() ? "none" : joined(names)});
}

}  // namespace

const std::vector<Entry>& catalogue() {
  static const std::vector<Entry> entries = make_catalogue();
  return entries;
}

Result<Entry> find(std::string_view name) {
  std::vector<std::string> names;
  for (const Entry& entry : catalogue()) {
    if (lower(entry.topology.name) == lower(name)) return entry;
    names.push_back(entry.topology.name);
  }
  return make_diagnostic(diagnostics::kUnknownNetwork, name, {joined(names)});
}

Result<Bits> bits_of(const Entry& entry, const BitsRequest& request) {
  auto bits = start_of(entry, request.configuration);
  if (!bits) return bits.errors();
  if (!request.weights.empty()) {
    auto weights = spread(entry.topology, request.weights, "--weights");
    if (!weights) return weights.errors();
    bits->weights = *std::move(weights);
  }
  if (!request.activations.empty()) {
    auto activations = spread(entry.topology, request.activations, "--activations");
    if (!activations) return activations.errors();
    bits->activations = *std::move(activations);
  }
  return bits;
}

}  // namespace bitmason::zoo
