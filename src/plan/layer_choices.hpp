#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "plan/conv_options.hpp"
#include "plan/resources.hpp"
#include "plan/wide_beats.hpp"

/// The implementations of one layer, and the cheapest of them for an interval and a set of prices.
namespace bitmason::plan {

/// What a unit of each resource is worth to the search.
struct Prices {
  PerResource<double> each{};
  [[nodiscard]] double of(const Resources& cost) const {
    const PerResource<std::int64_t> amounts = amounts_of(cost);
    double sum = 0;
    for (std::size_t r = 0; r < each.size(); ++r) sum += each[r] * static_cast<double>(amounts[r]);
    return sum;
  }
};

/// What a layer is asked for.
struct Demand {
  std::int64_t interval = 0;
  Prices prices;
  std::span<const int> consumers;  ///< channels per beat of every layer that reads the tensor
};

/// Kinds of a Conv's memories.
struct MemoryKinds {
  MemoryKind weights = MemoryKind::Lut;
  MemoryKind line = MemoryKind::Lut;
  MemoryKind turn = MemoryKind::Lut;
};

/// One way to build a layer, all but the channels per beat of a Conv's results decided.
struct Implementation {
  std::size_t option = 0;  ///< index of a Conv's option, or of variants_of()
  MemoryKinds memories;
  std::size_t streaming = 0;  ///< of a layer that is no Conv
  int input_channels = 1;     ///< per beat
  /// Channels per beat of its output: exactly these; of a Conv the channels computed in parallel.
  int channels = 1;
  Resources cost;
};

/// Values per beat and cycles of a frame of a layer that is no Conv.
struct Streaming {
  BeatWidths widths;
  std::int64_t cycles = 0;
};

class LayerChoices {
 public:
  /// Errors: BM-PLAN-004, 012..015.
  static Result<LayerChoices> of(const ir::Network& network, const ir::Layer& layer,
                                 const device::Primitive& primitive, const Folding::Entry& folding,
                                 const Offer& offer = {});

  /// Intervals at which another implementation becomes possible.
  [[nodiscard]] std::vector<std::int64_t> breakpoints() const;
  /// Cycles of the fastest implementation.
  [[nodiscard]] std::int64_t fastest() const;
  /// The cheapest implementation that meets the demand; nothing if none does.
  [[nodiscard]] std::optional<LayerPlan> pick(const Demand& demand) const;
  /// Resources of the cheapest implementation for the interval whatever its neighbours' streams: no pick() at
  /// these prices is cheaper. Nothing if none meets the interval.
  [[nodiscard]] std::optional<Resources> least(std::int64_t interval, const Prices& prices) const;
  /// Calls visit(cycles, cost) for every implementation with every kind of its memories.
  void each(const std::function<void(std::int64_t, const Resources&)>& visit) const;
  /// True where weights may come from external memory.
  [[nodiscard]] bool reads_weights() const;
  /// True of a Conv.
  [[nodiscard]] bool convolves() const { return !conv_.empty(); }
  /// Every implementation for the interval that no other with the same channels per beat beats in all
  /// resources.
  [[nodiscard]] std::vector<Implementation> implementations(std::int64_t interval) const;
  /// Channels per beat that its output may have for the interval, whoever reads it; only the fewest where no
  /// layer does.
  [[nodiscard]] std::vector<int> output_choices(const Implementation& implementation,
                                                std::int64_t interval) const;
  /// The implementation with so many channels per beat at its output, one of output_choices().
  [[nodiscard]] LayerPlan plan_of(const Implementation& implementation, int channels) const;

 private:
  /// The narrowest of the widths, ascending, that passes all consumers in time.
  [[nodiscard]] std::optional<int> output_channels(const std::vector<int>& widths,
                                                   const Demand& demand) const;
  [[nodiscard]] LayerPlan plan_with(const Streaming& streaming) const;
  [[nodiscard]] std::optional<LayerPlan> pick_conv(const Demand& demand) const;
  [[nodiscard]] std::optional<LayerPlan> pick_other(const Demand& demand) const;
  [[nodiscard]] std::optional<Resources> least_conv(std::int64_t interval, const Prices& prices) const;
  /// Calls visit(kinds, cost) for every kind of the option's memories, its own cost included.
  void each_memory(const ConvOption& option,
                   const std::function<void(const MemoryKinds& kinds, const Resources& cost)>& visit) const;
  [[nodiscard]] Resources memories(const ConvOption& option, const Prices& prices) const;
  [[nodiscard]] LayerPlan conv_plan(const ConvOption& option, int channels, const MemoryKinds& kinds) const;
  [[nodiscard]] std::vector<LayerPlan> variants(const Streaming& streaming) const;
  /// Cycles in which the option's output may send.
  [[nodiscard]] std::int64_t sending_interval(const ConvOption& option, std::int64_t interval) const;

  const ir::Network* network_ = nullptr;
  const ir::Layer* layer_ = nullptr;
  Offer offer_;
  std::vector<ConvOption> conv_;
  std::vector<Streaming> streaming_;  ///< as the folding allows, narrowest first; not used by Conv
  bool read_ = false;                 ///< by another layer
  std::optional<ir::ScaleShift> scale_shift_;
  bool scales_in_dsp_ = false;  ///< a requantiser's products fit one multiplier
};

/// Those of every layer. Errors: those of LayerChoices::of(); BM-PLAN-* for a folding of no layer.
Result<std::vector<LayerChoices>> all_choices(const ir::Network& network, const device::Primitive& primitive,
                                              const Folding& folding, const Offer& offer = {});

}  // namespace bitmason::plan
