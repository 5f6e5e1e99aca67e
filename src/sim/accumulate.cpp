#include <algorithm>
#include <cassert>
#include <type_traits>

#include "sim/steps.hpp"

namespace bitmason::sim {

namespace {

class ConvolutionSource final : public Source {
 public:
  ConvolutionSource(std::shared_ptr<const Convolution> convolution, int slot)
      : convolution_(std::move(convolution)), slot_(slot) {}
  void compute(const State& state, int y, const AccRow<std::int32_t>& row) const override {
    convolution_->run(state, slot_, y, row);
  }
  void compute(const State& state, int y, const AccRow<std::int64_t>& row) const override {
    convolution_->run(state, slot_, y, row);
  }
  [[nodiscard]] std::ptrdiff_t stride(int) const override { return convolution_->acc_stride(); }

 private:
  std::shared_ptr<const Convolution> convolution_;
  int slot_;
};

/// Implements both widths of compute() by one member template `sum`.
template <class Derived>
class EitherWidth : public Source {
 public:
  void compute(const State& state, int y, const AccRow<std::int32_t>& row) const final {
    self().template sum<std::uint32_t>(state, y, row);
  }
  void compute(const State& state, int y, const AccRow<std::int64_t>& row) const final {
    self().template sum<std::uint64_t>(state, y, row);
  }

 private:
  [[nodiscard]] const Derived& self() const { return static_cast<const Derived&>(*this); }
};

/// acc[i] += factor * from[i], wrapping.
template <class Wrapping, class T, class Acc>
void add_scaled(const T* from, Acc* acc, int count, Wrapping factor) {
  for (int i = 0; i < count; ++i) {
    acc[i] = static_cast<Acc>(static_cast<Wrapping>(acc[i]) + static_cast<Wrapping>(from[i]) * factor);
  }
}

class SumPoolSource final : public EitherWidth<SumPoolSource> {
 public:
  SumPoolSource(const ir::SumPool& layer, Operand input) : window_(layer.window), input_(std::move(input)) {}

  template <class Wrapping, class Acc>
  void sum(const State& state, int y, const AccRow<Acc>& row) const {
    with_type(input_.layout.storage.element, [&](auto type) {
      using T = decltype(type);
      const std::int64_t taps = std::int64_t{window_.kernel_h} * window_.kernel_w;
      const auto start = static_cast<Acc>(input_.layout.storage.offset * taps);
      for (int p = 0; p < row.pixels; ++p) {
        Acc* acc = row.data + p * row.stride;
        std::fill_n(acc, row.channels, start);
        for (int ky = 0; ky < window_.kernel_h; ++ky) {
          const T* from = state.row<T>(input_.slot, y * window_.stride_h + ky - window_.pad_top) +
                          std::ptrdiff_t{p * window_.stride_w - window_.pad_left} * row.channels;
          for (int kx = 0; kx < window_.kernel_w; ++kx) {
            add_scaled<Wrapping>(from + kx * row.channels, acc, row.channels, Wrapping{1});
          }
        }
      }
    });
  }

 private:
  ir::Window window_;
  Operand input_;
};

class AddSource final : public EitherWidth<AddSource> {
 public:
  AddSource(const ir::Add& layer, std::vector<Operand> inputs)
      : layer_(layer), inputs_(std::move(inputs)), start_(static_cast<std::uint64_t>(layer.constant)) {
    for (std::size_t k = 0; k < inputs_.size(); ++k) {
      start_ += static_cast<std::uint64_t>(layer.multipliers[k]) *
                static_cast<std::uint64_t>(inputs_[k].layout.storage.offset);
    }
  }

  template <class Wrapping, class Acc>
  void sum(const State& state, int y, const AccRow<Acc>& row) const {
    for (int p = 0; p < row.pixels; ++p)
      std::fill_n(row.data + p * row.stride, row.channels, static_cast<Acc>(start_));
    for (std::size_t k = 0; k < inputs_.size(); ++k) {
      with_type(inputs_[k].layout.storage.element, [&](auto type) {
        using T = decltype(type);
        const T* from = state.row<T>(inputs_[k].slot, y);
        const auto factor = static_cast<Wrapping>(layer_.multipliers[k]);
        for (int p = 0; p < row.pixels; ++p) {
          add_scaled<Wrapping>(from + p * row.channels, row.data + p * row.stride, row.channels, factor);
        }
      });
    }
  }

 private:
  ir::Add layer_;
  std::vector<Operand> inputs_;
  std::uint64_t start_;
};

class AccumulateStep final : public Step {
 public:
  explicit AccumulateStep(AccumulateParts parts)
      : Step(parts.output.layout.shape.height), parts_(std::move(parts)) {}

  void run(const State& state, Scratch& scratch, int y) const override {
    if (parts_.narrow) {
      run_as<std::int32_t>(state, scratch, y);
    } else {
      run_as<std::int64_t>(state, scratch, y);
    }
  }

 private:
  template <class Acc>
  void run_as(const State& state, Scratch& scratch, int y) const {
    const ir::Shape& shape = parts_.output.layout.shape;
    AccRow<Acc> row{nullptr, parts_.source->stride(shape.channels), shape.width, shape.channels};
    row.data =
        scratch.rows<Acc>(static_cast<std::size_t>(row.stride) * static_cast<std::size_t>(shape.width));
    parts_.source->compute(state, y, row);
    std::byte* out = state.row(parts_.output.slot, y);
    if (parts_.requantiser) {
      parts_.requantiser->run(*parts_.kernels, row, out);
    } else {
      store_row(row, parts_.output.layout.storage, out);
    }
  }

  AccumulateParts parts_;
};

}  // namespace

std::unique_ptr<Source> make_source(std::shared_ptr<const Convolution> convolution, int slot) {
  return std::make_unique<ConvolutionSource>(std::move(convolution), slot);
}
std::unique_ptr<Source> make_source(const ir::SumPool& layer, Operand input) {
  return std::make_unique<SumPoolSource>(layer, std::move(input));
}
std::unique_ptr<Source> make_source(const ir::Add& layer, std::vector<Operand> inputs) {
  return std::make_unique<AddSource>(layer, std::move(inputs));
}

std::unique_ptr<Step> make_accumulate(AccumulateParts parts) {
  return std::make_unique<AccumulateStep>(std::move(parts));
}

}  // namespace bitmason::sim
