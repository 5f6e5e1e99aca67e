#include "timing/fit_fifos.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "hw/design.hpp"
#include "plan/fifos.hpp"
#include "timing/diagnostics.hpp"
#include "timing/run.hpp"

namespace bitmason::timing {

namespace {

/// Frames after which a run counts as keeping the interval although its state has not repeated yet, and the
/// most in which a finished design must repeat.
constexpr int kTrialFrames = 8;
constexpr int kFinalFrames = 64;
/// Frames whose way through the least that every module holds shows that the FIFO does not deadlock it.
constexpr int kLeastFrames = 3;
/// Of more beats than these the depth found is at most 1/32 above the least.
constexpr int kExactBeats = 256;
constexpr int kPrecision = 32;
/// A depth that stands for no FIFO.
constexpr int kNone = 2;

class Fit {
 public:
  Fit(const ir::Network& network, plan::Plan plan, const device::Part& part,
      const device::Primitive& primitive)
      : network_(network), plan_(std::move(plan)), part_(part), primitive_(primitive) {}

  Result<plan::Plan> run() {
    if (auto started = start(); !started.ok()) return started.errors();
    const std::vector<plan::FifoPlan> safe = fifos_;
    for (const std::size_t k : largest_first()) {
      if (auto shrunk = shrink(k); !shrunk.ok()) return shrunk.errors();
    }
    auto done = finish();
    if (done && !*done) {
      // Not reached as long as less memory never makes a design faster.
      fifos_ = safe;
      done = finish();
    }
    if (done && stops_after_) {
      fifos_ = plan::whole_frame_fifos(network_, plan_.layers);
      done = finish();
    }
    if (done && stops_after_) return stuck(*stops_after_);
    if (done && !*done) {
      plan_.notes.emplace_back(
          "the handshakes settle into no interval with the FIFOs tried; the plan's own stay, and a frame may "
          "take "
          "longer than planned");
    }
    if (!done) return done.errors();
    return plan_;
  }

 private:
  Status start();
  [[nodiscard]] std::vector<std::size_t> largest_first() const;
  [[nodiscard]] Result<hw::Design> lowered() const;
  [[nodiscard]] Depths depths_in(const hw::Design& design) const;
  [[nodiscard]] bool keeps(const hw::Design& design) const;
  void set_depth(std::size_t k, int depth);
  Status shrink(std::size_t k);
  Result<bool> finish();
  /// With a whole frame on every stream, after so many frames.
  [[nodiscard]] Diagnostic stuck(std::size_t frames) const;

  const ir::Network& network_;
  plan::Plan plan_;
  const device::Part& part_;
  const device::Primitive& primitive_;
  std::vector<plan::FifoPlan> fifos_;       ///< as found so far; depth 2: left out
  hw::Design design_;                       ///< with these FIFOs, deeper ones where they still shrink
  std::int64_t interval_ = 0;               ///< to be kept
  std::optional<std::size_t> stops_after_;  ///< frames, where modules hold the least they can; as tried last
  std::vector<std::int64_t> limits_;
};

Result<hw::Design> Fit::lowered() const {
  plan::Plan plan = plan_;
  plan.fifos = fifos_;
  return hw::lower(network_, plan, part_, primitive_);
}

/// What the plan's own FIFOs achieve; whole frames where that is not its interval.
Status Fit::start() {
  fifos_ = plan_.fifos;
  auto design = lowered();
  if (!design) return design.errors();
  Run first = timing::run(*design, {.frames = kTrialFrames});
  if (first.stuck || first.interval() > plan_.interval.value) {
    fifos_ = plan::whole_frame_fifos(network_, plan_.layers);
    auto generous = lowered();
    if (!generous) return generous.errors();
    Run second = timing::run(*generous, {.frames = kTrialFrames});
    if (second.stuck) {
      return stuck(second.ends.size());
    }
    if (first.stuck || second.interval() < first.interval()) {
      design = std::move(generous);
      first = std::move(second);
    } else {
      fifos_ = plan_.fifos;
    }
  }
  design_ = *std::move(design);
  interval_ = std::max(plan_.interval.value, first.interval());
  // Smaller FIFOs may make the first frames later, but no later than by an interval.
  limits_ = {first.ends[0] + interval_, first.ends[1] + interval_, interval_};
  return success();
}

std::vector<std::size_t> Fit::largest_first() const {
  std::vector<std::size_t> order(fifos_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return fifos_[a].bits() > fifos_[b].bits(); });
  return order;
}

Depths Fit::depths_in(const hw::Design& design) const {
  Depths depths;
  for (const hw::PlannedFifo& built : design.planned.fifos) {
    const auto fifo = std::find_if(fifos_.begin(), fifos_.end(), [&](const plan::FifoPlan& f) {
      return f.consumer == built.consumer && f.input == built.input;
    });
    depths[built.instance] = {fifo->depth, fifo->memory == plan::MemoryKind::Block};
  }
  return depths;
}

bool Fit::keeps(const hw::Design& design) const {
  const Depths depths = depths_in(design);
  const Run exact = timing::run(design, {.depths = depths, .frames = kTrialFrames, .limits = limits_});
  const bool complete = exact.periodic || exact.ends.size() == kTrialFrames;
  if (!complete || exact.interval() > interval_) return false;
  const Run least =
      timing::run(design, {.capacity = Capacity::Least, .depths = depths, .frames = kLeastFrames});
  return !least.stuck;
}

void Fit::set_depth(std::size_t k, int depth) {
  fifos_[k].depth = depth;
  fifos_[k].memory = plan::fifo_memory(fifos_[k].width, depth);
}

/// Leaves the FIFO out where that keeps the interval, else finds its least depth by bisection, to 1/32 where
/// it has more beats.
Status Fit::shrink(std::size_t k) {
  const int given = fifos_[k].depth;
  set_depth(k, kNone);
  auto without = lowered();
  if (!without) return without.errors();
  if (keeps(*without)) {
    design_ = *std::move(without);
    return success();
  }
  int low = kNone + 1;
  int high = given;
  while (high - low > (high > kExactBeats ? high / kPrecision : 0)) {
    const int middle = low + (high - low) / 2;
    set_depth(k, middle);
    if (keeps(design_)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  set_depth(k, high);
  return success();
}

Diagnostic Fit::stuck(std::size_t frames) const {
  const std::int64_t bits =
      std::accumulate(fifos_.begin(), fifos_.end(), std::int64_t{0},
                      [](std::int64_t sum, const plan::FifoPlan& fifo) { return sum + fifo.bits(); });
  return make_diagnostic(diagnostics::kStuck, network_.name(),
                         {std::to_string(frames), std::to_string(bits)});
}

/// Enters FIFOs and marks in the plan where the design as it will be built keeps the interval for ever.
Result<bool> Fit::finish() {
  std::erase_if(fifos_, [](const plan::FifoPlan& fifo) { return fifo.depth <= kNone; });
  auto design = lowered();
  if (!design) return design.errors();
  const Run exact = timing::run(*design, {.frames = kFinalFrames});
  const Run least = timing::run(*design, {.capacity = Capacity::Least, .frames = kFinalFrames});
  stops_after_ = least.stuck ? std::optional(least.ends.size()) : std::nullopt;
  if (!exact.periodic || exact.interval() > interval_ || !least.periodic) return false;
  for (plan::FifoPlan& fifo : fifos_) {
    for (const hw::PlannedFifo& built : design->planned.fifos) {
      if (built.consumer == fifo.consumer && built.input == fifo.input)
        fifo.mark = exact.marks.at(built.instance);
    }
  }
  plan::replace_fifos(plan_, fifos_);
  if (interval_ > plan_.interval.value) {
    plan_.notes.push_back(
        fmt::format("the handshakes take {} cycles a frame where {} are planned, with FIFOs of any depth",
                    interval_, plan_.interval.value));
    plan_.interval = Cycles(interval_);
  }
  return true;
}

}  // namespace

Result<plan::Plan> fit_fifos(const ir::Network& network, plan::Plan plan, const device::Part& part,
                             const device::Primitive& primitive) {
  return Fit(network, std::move(plan), part, primitive).run();
}

}  // namespace bitmason::timing
