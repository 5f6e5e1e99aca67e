#include "sim/engine.hpp"

#include <algorithm>
#include <cassert>
#include <mutex>

#include "sim/program.hpp"
#include "sim/thread_pool.hpp"

namespace bitmason::sim {

namespace {

/// Rows of one piece of a step.
std::pair<int, int> share_of(int rows, int piece, int pieces) {
  return {static_cast<int>(std::int64_t{rows} * piece / pieces),
          static_cast<int>(std::int64_t{rows} * (piece + 1) / pieces)};
}

/// Codes (C, H, W) to a row of pixels.
void load_row(const Codes& codes, const State& state, int slot, const Slot& layout, int y) {
  const ir::Shape& shape = layout.shape;
  with_type(layout.storage.element, [&](auto type) {
    using T = decltype(type);
    T* row = state.row<T>(slot, y);
    for (int c = 0; c < shape.channels; ++c) {
      const std::int64_t* from = codes.data() + shape.index(c, y, 0);
      T* to = row + c;
      for (int x = 0; x < shape.width; ++x, to += shape.channels)
        *to = static_cast<T>(from[x] - layout.storage.offset);
    }
  });
}

Codes fetch(const State& state, int slot, const Slot& layout) {
  const ir::Shape& shape = layout.shape;
  Codes codes(static_cast<std::size_t>(shape.elements()));
  with_type(layout.storage.element, [&](auto type) {
    using T = decltype(type);
    for (int y = 0; y < shape.height; ++y) {
      const T* row = state.row<T>(slot, y);
      for (int c = 0; c < shape.channels; ++c) {
        std::int64_t* to = codes.data() + shape.index(c, y, 0);
        for (int x = 0; x < shape.width; ++x)
          to[x] = std::int64_t{row[x * shape.channels + c]} + layout.storage.offset;
      }
    }
  });
  return codes;
}

}  // namespace

struct Engine::Impl {
  Program program;
  ThreadPool pool;
  std::vector<std::unique_ptr<State>> states;  ///< per thread, made when first used
  std::vector<Scratch> scratch;

  Impl(const ir::Network& network, const Options& options)
      : program(network, options.isa, options.keep_all),
        pool(options.threads > 0 ? options.threads
                                 : static_cast<int>(std::max(std::thread::hardware_concurrency(), 1U))),
        states(static_cast<std::size_t>(pool.size())),
        scratch(static_cast<std::size_t>(pool.size())) {}

  State& state(int thread) {
    auto& state = states[static_cast<std::size_t>(thread)];
    if (!state) state = std::make_unique<State>(program.slots());
    return *state;
  }

  [[nodiscard]] const Slot& layout(int slot) const { return program.slots()[static_cast<std::size_t>(slot)]; }
  [[nodiscard]] int slot_of_layer(int layer) const {
    return program.slot_of()[static_cast<std::size_t>(layer)];
  }

  void load(std::span<const Codes> inputs, const State& state) const {
    assert(inputs.size() == program.input_layers().size());
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      const int slot = slot_of_layer(program.input_layers()[k]);
      assert(inputs[k].size() == static_cast<std::size_t>(layout(slot).shape.elements()));
      for (int y = 0; y < layout(slot).shape.height; ++y) load_row(inputs[k], state, slot, layout(slot), y);
    }
  }

  [[nodiscard]] Trace trace(const State& state) const {
    Trace trace(program.slot_of().size());
    for (std::size_t i = 0; i < trace.size(); ++i) {
      const int slot = program.slot_of()[i];
      if (program.kept()[i]) trace[i] = fetch(state, slot, layout(slot));
    }
    return trace;
  }
};

Engine::Engine(const ir::Network& network, const Options& options)
    : impl_(std::make_unique<Impl>(network, options)) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Trace Engine::run(std::span<const Codes> inputs) {
  State& state = impl_->state(0);
  impl_->load(inputs, state);
  // A few pieces per thread even out rows that cost differently and threads that are held up.
  const int most = impl_->pool.size() == 1 ? 1 : 4 * impl_->pool.size();
  for (const auto& step : impl_->program.steps()) {
    const int pieces = std::min(most, step->rows());
    impl_->pool.run(pieces, [&](int piece, int thread) {
      const auto [begin, end] = share_of(step->rows(), piece, pieces);
      for (int y = begin; y < end; ++y) step->run(state, impl_->scratch[static_cast<std::size_t>(thread)], y);
    });
  }
  return impl_->trace(state);
}

std::vector<Trace> Engine::run_batch(std::span<const std::vector<Codes>> frames, const Progress& progress) {
  std::vector<Trace> traces(frames.size());
  for (int thread = 0; thread < impl_->pool.size(); ++thread) impl_->state(thread);
  std::size_t done = 0;
  std::mutex report;
  impl_->pool.run(static_cast<int>(frames.size()), [&](int piece, int thread) {
    const auto frame = static_cast<std::size_t>(piece);
    const State& state = impl_->state(thread);
    Scratch& scratch = impl_->scratch[static_cast<std::size_t>(thread)];
    impl_->load(frames[frame], state);
    for (const auto& step : impl_->program.steps()) {
      for (int y = 0; y < step->rows(); ++y) step->run(state, scratch, y);
    }
    traces[frame] = impl_->trace(state);
    const std::scoped_lock lock(report);
    ++done;
    if (progress) progress(done);
  });
  return traces;
}

}  // namespace bitmason::sim
