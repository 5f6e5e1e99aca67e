#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "flow/device_access.hpp"
#include "flow/diagnostics.hpp"
#include "flow/flow.hpp"
#include "pack/packing.hpp"

namespace bitmason::flow {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const pack::Packing& packing) {
  Json fields = Json::array();
  for (const auto& field : packing.fields) {
    fields.push_back({{"offset", field.offset}, {"width", field.width}, {"products", field.terms.size()}});
  }
  return {{"family", packing.family == pack::Family::Convolution ? "convolution" : "outer_product"},
          {"macs_per_dsp", packing.density()},
          {"accumulations", packing.accumulations},
          {"weight_offsets", packing.weight_offsets},
          {"activation_offsets", packing.activation_offsets},
          {"weights_on_wide_port", packing.weights_on_wide_port},
          {"bias", packing.bias},
          {"fields", fields}};
}

}  // namespace

Result<Document> pack(const PackRequest& request) {
  const auto primitive = find_primitive(request.data, request.primitive);
  if (!primitive) return primitive.errors();
  for (const auto& [bits, what] : {std::pair{request.weight_bits, "weight bits"},
                                   {request.activation_bits, "activation bits"},
                                   {request.kernel, "kernel taps"}}) {
    if (bits < 1 || bits > 16) {
      return make_diagnostic(diagnostics::kBadNumber, what, {std::to_string(bits), "between 1 and 16", "4"});
    }
  }
  // A 1-bit two's complement weight has no narrow range: it is {-1, 0}.
  const bool narrow = !request.wide_weights && request.weight_bits > 1;
  const pack::PackingProblem problem{
      .ports = {primitive->wide_bits, primitive->narrow_bits, primitive->accumulator_bits},
      .weight =
          narrow ? IntRange::narrow_bits(request.weight_bits) : IntRange::signed_bits(request.weight_bits),
      .activation = request.signed_activations ? IntRange::signed_bits(request.activation_bits)
                                               : IntRange::unsigned_bits(request.activation_bits),
      .kernel = request.kernel};
  std::vector<pack::Packing> front = solve_front(problem, pack::Family::OuterProduct);
  if (request.kernel > 1) {
    for (auto& packing : solve_front(problem, pack::Family::Convolution)) front.push_back(std::move(packing));
  }
  if (front.empty()) {
    return make_diagnostic(
        diagnostics::kNoPacking, primitive->name,
        {std::to_string(request.weight_bits), std::to_string(request.activation_bits), primitive->name});
  }
  Json json = {{"primitive", primitive->name},
               {"weight_range", {problem.weight.lo, problem.weight.hi}},
               {"activation_range", {problem.activation.lo, problem.activation.hi}},
               {"kernel", problem.kernel},
               {"front", Json::array()}};
  std::string text =
      fmt::format("{} {}x{}: weights [{}, {}], activations [{}, {}], kernel {}\n", primitive->name,
                  primitive->wide_bits, primitive->narrow_bits, problem.weight.lo, problem.weight.hi,
                  problem.activation.lo, problem.activation.hi, problem.kernel);
  for (const auto& packing : front) {
    if (auto proved = verify(packing); !proved) return proved.errors();
    text += "  " + to_text(packing) + "\n";
    json["front"].push_back(to_json(packing));
  }
  return Document{text + "Every packing is proved on its exact ranges (ports, fields, top field, bias).\n",
                  json.dump(2)};
}

}  // namespace bitmason::flow
