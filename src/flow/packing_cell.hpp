#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "device/device.hpp"
#include "flow/measured_costs.hpp"
#include "flow/request.hpp"
#include "pack/cell.hpp"

/// What the documents of `bitmason pack` share.
namespace bitmason::flow {

/// Solves cells of the primitive, split where that is denser and, where the request asks for what an array
/// computes, where its module does so.
pack::CellSolver solver_of(const device::Primitive& primitive, const PackRequest& request);

/// False of primitives without a module, and of split modes that theirs does not have.
bool has_rtl(const pack::Scheme& scheme, const device::Primitive& primitive);

/// A JSON object: method, density, estimated LUTs, stored weight bits and, for each part, exact ranges, rule,
/// offsets, bias and fields; whether a module executes it on the
/// primitive; the synthesised LUTs where they were measured.
std::string json_of(const pack::Scheme& scheme, const device::Primitive& primitive,
                    const MeasuredCosts& measured);

/// A JSON object with everything that a packing is but its ports, and the reverse; nothing where the text is
/// no such object. What it describes is not proved.
std::string json_of(const pack::Packing& packing);
std::optional<pack::Packing> packing_of(std::string_view json, const pack::MultiplierPorts& ports);

/// The cell with what the request leaves out.
pack::Cell restricted(pack::Cell cell, const PackRequest& request);

/// The same in words, ", at most 6.6 LUTs per MAC (estimated)", and as a JSON object; both empty without
/// limits.
std::string limits_text(const PackRequest& request);
std::string limits_json(const PackRequest& request);

/// A line that says where LUTs of the primitive's parts have fewer than six inputs; else nothing.
std::string lut_note(const DataFolders& data, const device::Primitive& primitive);

/// Densities of w, a in 1..8 and K = 1, 3, 5 beside the published ones, with counts.
Result<Document> pack_table(const PackRequest& request, const device::Primitive& primitive,
                            const Progress& progress);

/// Evidence for one packing: verify(), lemma, operands in the model, and the decoder in z3 where it is
/// installed. Sets `holds` to false and says why where any of them fails.
struct Evidence {
  bool holds = true;
  bool decided = true;  ///< by z3; false where it ran out of time or is not installed
  std::string text;
  std::string json;  ///< an object with the same facts
};
Result<Evidence> prove_packing(const pack::Packing& packing);

}  // namespace bitmason::flow
