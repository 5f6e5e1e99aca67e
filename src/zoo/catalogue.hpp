#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "zoo/topology.hpp"

/// The benchmark networks and the widths published for them.
namespace bitmason::zoo {

/// Bits of each layer with weights: of its weights, and of the activations that enter it.
struct Bits {
  std::vector<int> weights;
  std::vector<int> activations;  ///< the first is the image's
  bool operator==(const Bits&) const = default;
};

struct Configuration {
  std::string name;
  Bits bits;
  std::string source;
};

struct Entry {
  Topology topology;
  std::string source;
  std::vector<Configuration> published;  ///< the first is the default; may be empty
};

/// All networks, in the order in which they are listed.
const std::vector<Entry>& catalogue();

/// The network of this name, upper and lower case alike. Errors: BM-ZOO-001.
Result<Entry> find(std::string_view name);

/// What the user asks; empty means not given.
struct BitsRequest {
  std::string configuration;
  std::vector<int> weights;
  std::vector<int> activations;
};

/// One number per layer: those given (one number stands for all layers), else the configuration's, else the
/// entry's first published one, else 4 with an image of 8. Errors: BM-ZOO-002..004.
Result<Bits> bits_of(const Entry& entry, const BitsRequest& request);

// The families.
Topology ultranet(bool bypass);
/// `kernel` of the depthwise convolutions.
Topology skynet(int kernel);
Topology vgg_tiny();
Topology cnv();
Topology mobilenet_v1();
Topology resnet8();
Topology ds_cnn();

}  // namespace bitmason::zoo
