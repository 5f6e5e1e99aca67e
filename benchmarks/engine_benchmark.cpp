#include <benchmark/benchmark.h>

#include "sim/engine.hpp"
#include "ultranet_shape.hpp"

/// Speed of the fast engine on an UltraNet-shaped network: frames and multiply-accumulates per second.
namespace bitmason {
namespace {

constexpr std::int64_t kBatch = 16;

void report(benchmark::State& state, const ir::Network& network, std::int64_t frames) {
  const auto count = static_cast<double>(state.iterations() * frames);
  state.counters["frames/s"] = benchmark::Counter(count, benchmark::Counter::kIsRate);
  state.counters["MAC/s"] =
      benchmark::Counter(count * static_cast<double>(network.macs()), benchmark::Counter::kIsRate);
}

/// Arguments: instruction set, threads.
void single_frames(benchmark::State& state) {
  const auto isa = static_cast<sim::Isa>(state.range(0));
  if (!sim::is_supported(isa)) return state.SkipWithError("not supported by this processor");
  const ir::Network network = benchmarks::ultranet_shape();
  const auto frame = benchmarks::random_image(network);
  sim::Engine engine(network, {.isa = isa, .threads = static_cast<int>(state.range(1))});
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(engine.run(frame));
  state.SetLabel(std::string(sim::name_of(isa)));
  report(state, network, 1);
}

void batches_of_16(benchmark::State& state) {
  const auto isa = static_cast<sim::Isa>(state.range(0));
  if (!sim::is_supported(isa)) return state.SkipWithError("not supported by this processor");
  const ir::Network network = benchmarks::ultranet_shape();
  const std::vector<std::vector<sim::Codes>> frames(kBatch, benchmarks::random_image(network));
  sim::Engine engine(network, {.isa = isa, .threads = static_cast<int>(state.range(1))});
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(engine.run_batch(frames));
  state.SetLabel(std::string(sim::name_of(isa)));
  report(state, network, kBatch);
}

BENCHMARK(single_frames)
    ->ArgNames({"isa", "threads"})
    ->ArgsProduct({{0, 1, 2}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(batches_of_16)
    ->ArgNames({"isa", "threads"})
    ->ArgsProduct({{0, 1, 2}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// A float image of 3 x 160 x 320 distinct values to 8-bit codes.
void quantise_image(benchmark::State& state) {
  ir::NetworkBuilder builder("image");
  const ir::ScalarFunction quant{ir::AffineStep{{Rational(255)}, {Rational(0)}},
                                 ir::ClampStep{Rational(0), Rational(255)}, ir::RoundStep{}};
  const auto id =
      builder.add_input("image", {{3, 160, 320}, {0, 255}}, {.name = "image", .quantise = quant}).value();
  static_cast<void>(builder.add_output({.name = "out", .layer = id.index}).ok());
  const ir::Network network = std::move(builder).build().value();
  std::mt19937 random(3);
  NpyArray image{{1, 3, 160, 320}, state.range(0) == 0 ? NpyType::UInt8 : NpyType::Float32, {}, {}};
  for (int i = 0; i < 3 * 160 * 320; ++i) {
    if (image.is_integer()) {
      image.integers.push_back(random() % 256);
    } else {
      image.reals.push_back(static_cast<float>(random()) / 4294967296.0F);
    }
  }
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(sim::quantise_input(network, network.inputs()[0], image).ok());
}

BENCHMARK(quantise_image)->ArgName("float")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bitmason

BENCHMARK_MAIN();
