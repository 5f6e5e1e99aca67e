#include "flow/netlist_verdict.hpp"

#include "flow/diagnostics.hpp"

namespace bitmason::flow {

Status judge_netlists(const verify::NetlistCheckResult& result, const std::filesystem::path& design,
                      std::vector<std::string>& notes) {
  Diagnostics findings;
  for (const verify::BlockEquality& block : result.blocks) {
    if (!block.equal) {
      findings.push_back(
          make_diagnostic(diagnostics::kNetlistDiffers, design.string(), {block.instance, block.difference}));
    } else if (block.beats == 0) {
      findings.push_back(make_diagnostic(diagnostics::kNothingCompared, design.string(),
                                         {block.instance, std::to_string(block.cycles)}));
    } else if (block.frame > 0) {
      notes.push_back("netlist of " + block.instance + " compared " + block.to_text());
    }
  }
  if (!findings.empty()) return findings;
  return success();
}

}  // namespace bitmason::flow
