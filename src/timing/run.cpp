#include "timing/run.hpp"

#include <algorithm>

namespace bitmason::timing {

namespace {

class Runner {
 public:
  Runner(const hw::Design& design, const RunOptions& options)
      : options_(options), assembly_(assemble(design, options.capacity, options.depths)) {
    sent_.resize(assembly_.outputs.size());
    for (const auto& output : assembly_.outputs) output.wire->ready = true;
    for (const auto& input : assembly_.inputs) input.wire->valid = true;
    // A layer that sends nothing for as long as all beats and all layers take one after another never will.
    for (const hw::Stream& stream : design.streams) patience_ += stream.beats_per_frame();
    for (const hw::PlannedLayer& layer : design.planned.layers) patience_ += layer.cycles.value;
    // And as long as their pipelines are, whose latency frames of few beats do not hide.
    constexpr std::int64_t kPipeline = 64;
    patience_ += kPipeline * static_cast<std::int64_t>(design.instances.size());
  }

  Run run() && {
    for (; !done(); ++cycle_) step();
    for (const auto& [name, fifo] : assembly_.fifos) run_.marks[name] = fifo->mark();
    return std::move(run_);
  }

 private:
  void step() {
    for (std::size_t k = 0; k < sent_.size(); ++k) {
      const auto& output = assembly_.outputs[k];
      if (!output.wire->valid) continue;
      moved_ = cycle_;
      if (++sent_[k] % output.beats == 0) ended_ = true;
    }
    for (auto unit = assembly_.units.rbegin(); unit != assembly_.units.rend(); ++unit) (*unit)->tick();
    if (ended_) end_frame();
  }

  /// Notes the frame's end where all outputs have sent it.
  void end_frame() {
    ended_ = false;
    const auto frame = static_cast<std::int64_t>(run_.ends.size()) + 1;
    for (std::size_t k = 0; k < sent_.size(); ++k) {
      if (sent_[k] < frame * assembly_.outputs[k].beats) return;
    }
    run_.ends.push_back(cycle_);
    StateHash hash;
    for (const auto& unit : assembly_.units) unit->enter(hash);
    for (std::size_t k = 0; k < sent_.size(); ++k) hash(sent_[k] - frame * assembly_.outputs[k].beats);
    const auto same = std::find(states_.rbegin(), states_.rend(), hash.value());
    run_.periodic = same != states_.rend();
    if (run_.periodic) run_.period = 1 + static_cast<int>(same - states_.rbegin());
    states_.push_back(hash.value());
  }

  bool done() {
    if (run_.periodic || static_cast<int>(run_.ends.size()) >= options_.frames) return true;
    run_.stuck = cycle_ - moved_ > kPatience * patience_;
    if (run_.stuck || options_.limits.empty()) return run_.stuck;
    const std::size_t frame = run_.ends.size();
    const std::size_t last = options_.limits.size() - 1;
    const std::int64_t limit =
        frame < last ? options_.limits[frame] : run_.ends.back() + options_.limits[last];
    return cycle_ > limit;
  }

  static constexpr std::int64_t kPatience = 4;

  const RunOptions& options_;
  Assembly assembly_;
  std::vector<std::int64_t> sent_;
  std::int64_t patience_ = 0;
  std::int64_t cycle_ = 0;
  std::int64_t moved_ = 0;
  bool ended_ = false;
  std::vector<std::uint64_t> states_;  ///< behind each frame
  Run run_;
};

}  // namespace

std::int64_t Run::interval() const {
  const auto frames = static_cast<std::size_t>(period);
  if (ends.size() <= frames) return 0;
  return (ends.back() - ends[ends.size() - 1 - frames] + period - 1) / period;
}

Run run(const hw::Design& design, const RunOptions& options) {
  return Runner(design, options).run();
}

}  // namespace bitmason::timing
