#pragma once

#include <ATen/ATen.h>

#include <map>
#include <memory>
#include <vector>

#include "qat/supernet.hpp"
#include "qat/torch_model_internal.hpp"

/// Private to the room: quantisers whose widths are still open.
namespace bitmason::qat {

/// A distribution over widths and a step of each.
struct OpenQuantiser {
  std::vector<int> widths;
  at::Tensor steps;   ///< (K), positive
  at::Tensor logits;  ///< (K)
};

/// Networks of one topology, the same float network quantised in each width, by width.
using ByWidth = std::map<int, graph::Graph>;

/// The open quantisers of a network, and their places in its model.
class OpenWidths {
 public:
  /// Sets as in SupernetOptions; `by_width` has every width of them, scales chosen, weights with one scale
  /// per layer. Errors: BM-QAT-047.
  static Result<OpenWidths> open(const ByWidth& by_width, const std::vector<std::vector<int>>& weights,
                                 const std::vector<std::vector<int>>& activations);

  /// Makes every quantiser of the model a mix at the temperature that set_temperature() gave last. `model`
  /// has the topology of by_width.
  void place_in(TorchModel& model) const;
  void set_temperature(double temperature) { *temperature_ = temperature; }

  /// What training moves beside the model's own tensors.
  [[nodiscard]] std::vector<Parameter> steps() const;
  [[nodiscard]] std::vector<Parameter> logits() const;

  /// Numbers of the sets: a width that the layers of a shared distribution do not have in common is nearly
  /// impossible.
  [[nodiscard]] WidthLogits width_logits() const;
  void set_logits(const WidthLogits& logits);
  /// Adds factor * derivatives to the gradients of the logits.
  void add_gradient(const WidthLogits& derivatives, double factor);

 private:
  using Quantiser = std::shared_ptr<OpenQuantiser>;
  /// A layer's set, and where its widths stand in the quantiser's; -1: nowhere.
  struct Place {
    Quantiser quantiser;
    std::vector<int> index;
  };
  /// A Quantise step or a layer with weights.
  struct Use {
    std::size_t step = 0;
    Quantiser quantiser;
    std::vector<IntRange> ranges;
    bool per_frame = false;  ///< N of step_gradient_scale() counts one frame
  };
  static Place placed(const Quantiser& quantiser, const std::vector<int>& set);
  static void read(const std::vector<Place>& places, std::vector<std::vector<double>>& logits);
  static void write(const std::vector<Place>& places, const std::vector<std::vector<double>>& logits);
  static void add(const std::vector<Place>& places, const std::vector<std::vector<double>>& derivatives,
                  double factor);
  void add_use(std::size_t step, const Quantiser& quantiser, const graph::Step& form);

  std::vector<Quantiser> quantisers_;
  std::vector<Place> weights_;  ///< by layer with weights, as are the next
  std::vector<Place> activations_;
  std::vector<Use> uses_;
  std::shared_ptr<double> temperature_ = std::make_shared<double>(1);
};

}  // namespace bitmason::qat
