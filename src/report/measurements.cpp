#include "report/report.hpp"

namespace bitmason::report {

Report with_measurements(Report planned, const Report& earlier) {
  planned.interval_simulated = earlier.interval_simulated;
  planned.latency = earlier.latency;
  planned.exact = earlier.exact;
  planned.liveness = earlier.liveness;
  planned.depth = earlier.depth;
  planned.modules = earlier.modules;
  for (Fifo& fifo : planned.fifos) {
    for (const Fifo& known : earlier.fifos) {
      if (known.consumer == fifo.consumer && known.input == fifo.input)
        fifo.mark_simulated = known.mark_simulated;
    }
  }
  planned.notes = earlier.notes;
  for (auto& [name, resource] : planned.resources) {
    const auto found = earlier.resources.find(name);
    if (found != earlier.resources.end()) resource.synthesised = found->second.synthesised;
  }
  // What is planned again says itself where it comes from.
  planned.sources.insert(earlier.sources.begin(), earlier.sources.end());
  return planned;
}

}  // namespace bitmason::report
