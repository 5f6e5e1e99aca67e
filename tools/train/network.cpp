#include "graph/read.hpp"
#include "number_list.hpp"
#include "verbs.hpp"

namespace bitmason::train_cli {

void add_network_options(CLI::App& verb, NetworkRequest& request) {
  verb.add_option("--pixel", request.pixel,
                  "real value of one step of a pixel, where no quantiser of the file says it; default: the "
                  "file's property bitmason.pixel, else 1/255")
      ->check(CLI::PositiveNumber);
}

void add_bits_options(CLI::App& verb, NetworkRequest& request) {
  add_number_list(
      verb, "--weights", request.bits.weights,
      "bits of weights, one number per layer with weights or one for all; else the file's, else 8");
  add_number_list(verb, "--activations", request.bits.activations,
                  "bits of the activations that enter each of these layers, the image's first");
  verb.add_flag("--full-range", request.full_range, "weights may take the code -2^(bits - 1)");
  verb.add_flag("--per-layer", request.per_layer,
                "one scale for the weights of a layer, not one per channel");
}

Result<graph::Graph> read_network(const NetworkRequest& request) {
  const auto model = onnxio::read_model(request.file);
  if (!model) return model.errors();
  return graph::read(*model, {.pixel = request.pixel});
}

Result<graph::PlaceOptions> place_options(const NetworkRequest& request, const graph::Graph& graph) {
  auto bits = graph::bits_for(request.bits, graph::bits_of(graph));
  if (!bits) return bits.errors();
  return graph::PlaceOptions{*std::move(bits), !request.full_range, !request.per_layer};
}

}  // namespace bitmason::train_cli
