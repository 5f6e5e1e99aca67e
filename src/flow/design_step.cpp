#include "flow/design_step.hpp"

#include "emit/design_folder.hpp"
#include "flow/reporting.hpp"

namespace bitmason::flow {

Result<WrittenDesign> write_design(const PlanRequest& request, const std::filesystem::path& folder) {
  auto planned = make_plan(request);
  if (!planned) return planned.errors();
  auto design = hw::lower(planned->loaded.network, planned->plan, planned->part, planned->primitive);
  if (!design) return design.errors();
  if (auto sound = hw::verify(*design); !sound) return sound.errors();
  auto written = emit::write_design(*design, planned->loaded.network, folder, request.data.rtl(),
                                    report::files_of(planned_report(*planned)));
  if (!written) return written.errors();
  return WrittenDesign{std::move(*planned), std::move(*design)};
}

}  // namespace bitmason::flow
