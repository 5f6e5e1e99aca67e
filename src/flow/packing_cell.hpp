#pragma once

#include <string>

#include "base/result.hpp"
#include "device/device.hpp"
#include "flow/request.hpp"
#include "pack/cell.hpp"

/// What the documents of `bitmason pack` share.
namespace bitmason::flow {

/// The ports of a primitive as the packing room knows them.
pack::MultiplierPorts ports_of(const device::Primitive& primitive);

/// A JSON object: method, density, estimated LUTs, stored weight bits and, for each part, exact ranges, rule,
/// offsets, bias and fields.
std::string json_of(const pack::Scheme& scheme);

/// Densities of w, a in 1..8 and K = 1, 3, 5 beside the published ones, with counts.
Result<Document> pack_table(const PackRequest& request, const device::Primitive& primitive,
                            const Progress& progress);

/// Evidence for one packing: verify(), lemma, operands in the model, and the decoder in z3 where it is
/// installed. Sets `holds` to false and says why where any of them fails.
struct Evidence {
  bool holds = true;
  std::string text;
  std::string json;  ///< an object with the same facts
};
Result<Evidence> prove_packing(const pack::Packing& packing);

}  // namespace bitmason::flow
