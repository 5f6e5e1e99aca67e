#pragma once

#include "verify/design_files.hpp"
#include "verify/synthesis.hpp"

namespace bitmason::verify {

/// A block's netlist ready for Verilator: the netlist with its small cells replaced by their behaviour, and
/// the models of the large ones.
struct NetlistModel {
  std::filesystem::path netlist;
  std::vector<std::filesystem::path> models;
};

/// Replaces LUTs, carries, flip-flops and LUT memories by the behaviour in Yosys' simulation library (in
/// Yosys itself: thousands of cells of different content are slow in Verilator). Errors: BM-VERIFY-001..005,
/// 034.
Result<NetlistModel> netlist_model(const DesignFiles& design, const Block& block, const Workbench& workbench);

}  // namespace bitmason::verify
