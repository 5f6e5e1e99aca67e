#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include "qat/torch_mixed_internal.hpp"
#include "qat/torch_quantiser_internal.hpp"

/// Forward and backward of the quantiser of a layer whose width is still open: one pass for all widths
/// against one quantiser after another, and against torch's own operators.
namespace bitmason::qat {
namespace {

/// Activations of a batch: 64 images of 16 channels of 32 x 32.
constexpr std::int64_t kElements = 64 * 16 * 32 * 32;

struct Inputs {
  at::Tensor x = at::randn({kElements}).relu_().set_requires_grad(true);
  at::Tensor steps, weights;
  std::vector<IntRange> ranges;

  explicit Inputs(int widths) {
    at::manual_seed(1);
    for (int bits = 2; bits < 2 + widths; ++bits) ranges.push_back(IntRange::unsigned_bits(bits));
    steps = at::full({widths}, 0.1F).set_requires_grad(true);
    weights = at::softmax(at::zeros({widths}), 0).detach().set_requires_grad(true);
  }
};

template <class Mix>
void run(benchmark::State& state, const Mix& mix) {
  at::set_num_threads(static_cast<int>(state.range(1)));
  const Inputs in(static_cast<int>(state.range(0)));
  const at::Tensor gradient = at::randn({kElements});
  for ([[maybe_unused]] auto _ : state) {
    const at::Tensor y = mix(in);
    y.backward(gradient);
    benchmark::DoNotOptimize(in.x.grad().data_ptr<float>());
  }
}

void one_pass(benchmark::State& state) {
  run(state, [](const Inputs& in) { return mixed(in.x, in.steps, in.weights, in.ranges); });
}

void quantiser_by_quantiser(benchmark::State& state) {
  run(state, [](const Inputs& in) {
    at::Tensor sum = at::zeros_like(in.x);
    for (std::size_t k = 0; k < in.ranges.size(); ++k) {
      const auto at = static_cast<std::int64_t>(k);
      sum = sum + in.weights[at] * quantise(in.x, in.steps.slice(0, at, at + 1),
                                            static_cast<double>(in.ranges[k].lo),
                                            static_cast<double>(in.ranges[k].hi));
    }
    return sum;
  });
}

/// The straight-through form that a Python training loop writes: detached rounding, clamp and scale.
void operator_by_operator(benchmark::State& state) {
  run(state, [](const Inputs& in) {
    at::Tensor sum = at::zeros_like(in.x);
    for (std::size_t k = 0; k < in.ranges.size(); ++k) {
      const auto at = static_cast<std::int64_t>(k);
      const at::Tensor step = in.steps[at];
      const at::Tensor clamped = (in.x / step).clamp(in.ranges[k].lo, in.ranges[k].hi);
      sum = sum + in.weights[at] * ((clamped.round() - clamped).detach() + clamped) * step;
    }
    return sum;
  });
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  for (const int widths : {2, 4, 7})
    for (const int threads : {1, 2}) benchmark->Args({widths, threads});
  benchmark->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK(one_pass)->Apply(sizes);
BENCHMARK(quantiser_by_quantiser)->Apply(sizes);
BENCHMARK(operator_by_operator)->Apply(sizes);

}  // namespace
}  // namespace bitmason::qat

BENCHMARK_MAIN();
