#include <fmt/format.h>

#include "flow/design_step.hpp"
#include "flow/earlier_results.hpp"
#include "flow/flow.hpp"
#include "flow/open_design.hpp"
#include "flow/verification.hpp"

namespace bitmason::flow {

Result<Document> report(const std::filesystem::path& design) {
  if (auto held = check_holds(design, "report.json"); !held) return held.errors();
  const auto known = report::read_report(design);
  if (!known) return known.errors();
  return Document{report::to_text(*known), report::to_json(*known)};
}

Result<Document> build(const BuildRequest& request, const Progress& progress) {
  progress(fmt::format("importing and planning {}", request.plan.network.file.string()));
  const auto earlier = earlier_results(request.out);
  const auto written = write_design(request.plan, request.out);
  if (!written) return written.errors();
  for (const std::string& note : written->planned.plan.notes) progress("note: " + note);
  progress(fmt::format("wrote the design to {}", request.out.string()));
  if (earlier) {
    if (auto kept = keep_results(*earlier, request.out, progress); !kept) return kept.errors();
  }
  const VerifyRequest next{.design = request.out,
                           .inputs = request.inputs,
                           .frames = request.frames,
                           .seed = request.seed,
                           .cache = request.cache,
                           .data = request.plan.data};
  if (request.verify) {
    if (auto verified = verify_levels(next, {.engine = true, .rtl = true}, progress); !verified)
      return verified.errors();
  }
  if (request.synthesise) {
    if (auto synthesised = synthesise(next, progress); !synthesised) return synthesised.errors();
  }
  auto document = report(request.out);
  if (!document) return document.errors();
  document->text += fmt::format("design and report: {}\n", request.out.string());
  return document;
}

}  // namespace bitmason::flow
