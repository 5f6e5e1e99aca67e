#pragma once

#include <verilated.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

/// Drivers for ready/valid streams of a verilated top level: random stalls, resets in mid-frame, several
/// frames back to back, comparison beat by beat, and the interval of a run without stalls.
namespace bitmason::bench {

/// Bits of one beat, least significant word first; bits above the width are zero.
using Beat = std::vector<std::uint32_t>;
using Codes = std::vector<std::int64_t>;
using Random = std::mt19937_64;

/// Concatenates the low `bits` bits of each code, the first lowest.
inline Beat pack(const Codes& codes, int bits) {
  const auto width = static_cast<std::size_t>(bits);
  Beat beat((codes.size() * width + 31) / 32, 0);
  for (std::size_t i = 0; i < codes.size() * width; ++i) {
    const std::size_t bit = i % width < 64 ? i % width : 63;
    if ((codes[i / width] >> bit) & 1) beat[i / 32] |= 1U << (i % 32);
  }
  return beat;
}

inline std::string text(const Beat& beat) {
  std::string result;
  for (auto word = beat.rbegin(); word != beat.rend(); ++word) {
    char digits[16];
    std::snprintf(digits, sizeof digits, "%08x", *word);
    result += digits;
  }
  return result;
}

/// Access to a verilated port of any width.
template <class Port>
void write_port(Port& port, const Beat& beat) {
  std::uint64_t value = beat[0];
  if (beat.size() > 1) value |= std::uint64_t{beat[1]} << 32;
  port = static_cast<Port>(value);
}
template <std::size_t N>
void write_port(VlWide<N>& port, const Beat& beat) {
  for (std::size_t i = 0; i < N; ++i) port[i] = i < beat.size() ? beat[i] : 0;
}
template <class Port>
Beat read_port(const Port& port, int width) {
  const auto value = static_cast<std::uint64_t>(port);
  Beat beat{static_cast<std::uint32_t>(value)};
  if (width > 32) beat.push_back(static_cast<std::uint32_t>(value >> 32));
  return beat;
}
template <std::size_t N>
Beat read_port(const VlWide<N>& port, int) {
  Beat beat(N);
  for (std::size_t i = 0; i < N; ++i) beat[i] = port[i];
  return beat;
}

/// A stream port of the top level: how to raise its driven signals and read the others.
struct Input {
  int width = 1;
  std::function<void(bool)> valid;
  std::function<bool()> ready;
  std::function<void(const Beat&)> data;
};
struct Output {
  int width = 1;
  std::function<bool()> valid;
  std::function<void(bool)> ready;
  std::function<Beat()> data;
};

template <class Bit>
void set_bit(Bit& port, int index, bool value) {
  const auto mask = static_cast<Bit>(std::uint64_t{1} << index);
  port = static_cast<Bit>(value ? port | mask : port & ~mask);
}

/// Streams with their own data port; `index` is the output's bit where valid and ready are vectors.
template <class Bit, class Data>
Input input(Bit& valid, Bit& ready, Data& data, int width) {
  return {width, [&valid](bool v) { valid = v; }, [&ready] { return (ready & 1) != 0; },
          [&data](const Beat& beat) { write_port(data, beat); }};
}
template <class Bit, class Data>
Output output(Bit& valid, Bit& ready, Data& data, int width, int index = 0) {
  return {width, [&valid, index] { return ((valid >> index) & 1) != 0; },
          [&ready, index](bool v) { set_bit(ready, index, v); },
          [&data, width] { return read_port(data, width); }};
}

/// Bits of one slot where a top level joins many streams in one wide port.
inline constexpr std::size_t kSlotWords = 4;

/// Stream `index` of a top level whose in_valid, in_ready and in_data hold one slot per stream.
template <class Top>
Input slot_input(Top& top, int index, int width) {
  const std::size_t base = static_cast<std::size_t>(index) * kSlotWords;
  return {width, [&top, index](bool v) { set_bit(top.in_valid, index, v); },
          [&top, index] { return ((top.in_ready >> index) & 1) != 0; },
          [&top, base](const Beat& beat) {
            for (std::size_t i = 0; i < beat.size(); ++i) top.in_data[base + i] = beat[i];
          }};
}
template <class Top>
Output slot_output(Top& top, int index, int width) {
  const std::size_t base = static_cast<std::size_t>(index) * kSlotWords;
  return {width, [&top, index] { return ((top.out_valid >> index) & 1) != 0; },
          [&top, index](bool v) { set_bit(top.out_ready, index, v); },
          [&top, base, width] {
            Beat beat(static_cast<std::size_t>(width + 31) / 32);
            for (std::size_t i = 0; i < beat.size(); ++i) beat[i] = top.out_data[base + i];
            return beat;
          }};
}

/// Beats of one frame, per input and per output.
struct Frame {
  std::vector<std::vector<Beat>> in;
  std::vector<std::vector<Beat>> out;
};

/// One device under test: its ports, what it should do, and how fast. `make` draws a frame; style 0 is
/// uniform, 1 uses extreme codes, 2 mixes both.
struct Case {
  std::string name;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::function<Frame(Random&, int style)> make;
  double interval = 0;  ///< most cycles per frame without stalls; 0: not checked
};

/// A code of the format, drawn in a style.
inline std::int64_t draw_code(Random& random, int style, int bits, bool is_signed) {
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  std::uint64_t raw = random() & mask;
  if (style == 1 || (style == 2 && random() % 4 == 0)) {
    const std::uint64_t top = std::uint64_t{1} << (bits - 1);
    const std::uint64_t extremes[] = {0, mask, top, top - 1};
    raw = extremes[random() % 4];
  }
  auto code = static_cast<std::int64_t>(raw);
  if (is_signed && (raw >> (bits - 1)) != 0) code -= std::int64_t{1} << bits;
  return code;
}

/// Tensor in stream order: pixel by pixel, channels innermost.
inline Codes draw_codes(Random& random, int style, std::size_t count, int bits, bool is_signed) {
  Codes codes(count);
  for (auto& code : codes) code = draw_code(random, style, bits, is_signed);
  return codes;
}

/// Splits a tensor in stream order into beats of `channels` codes.
inline std::vector<Beat> beats(const Codes& codes, int channels, int bits) {
  std::vector<Beat> result;
  const auto size = static_cast<std::ptrdiff_t>(channels);
  for (auto at = codes.begin(); at != codes.end(); at += size)
    result.push_back(pack(Codes(at, at + size), bits));
  return result;
}

template <class Top>
class Bench {
 public:
  explicit Bench(std::uint64_t seed) : random_(seed), context_(std::make_unique<VerilatedContext>()) {
    context_->randReset(2);
    context_->randSeed(static_cast<int>(seed % 0x7fffffff) + 1);
    top_ = std::make_unique<Top>(context_.get());
  }
  Top& top() { return *top_; }
  void add(Case test) { runs_.push_back({std::move(test), {}, {}, {}, {}, 0, 0, {}}); }

  /// Runs every case under all stall patterns; returns 0, or 1 with a message where anything differs.
  int run(int frames = 4) {
    reset(5);
    const double patterns[][2] = {{1, 1}, {0.5, 0.5}, {0.95, 0.2}, {0.2, 0.95}, {1, 0.5}, {0.5, 1}};
    for (const auto& pattern : patterns) {
      simulate(frames, pattern[0], pattern[1]);
      if (&pattern == &patterns[0]) check_intervals(frames);
    }
    for (int repeat = 0; repeat < 6; ++repeat) {
      interrupt();
      simulate(2, 0.7, 0.7);
      simulate(1, 1, 1);
    }
    for (auto& run : runs_) run.top_up(0, random_);
    for (int i = 0; i < 200; ++i) cycle(1, 1);  // nothing may follow the last frame
    if (failed_) return 1;
    std::printf("%zu cases exact in %llu cycles\n", runs_.size(), static_cast<unsigned long long>(now_));
    return 0;
  }

 private:
  struct Run {
    Case test;
    std::vector<std::deque<Beat>> pending, expected;
    std::vector<char> offered;
    std::vector<char> willing;
    std::size_t received = 0;
    std::size_t frame_beats = 0;  ///< beats of output 0 per frame
    std::vector<std::uint64_t> frame_ends;

    void top_up(int frames, Random& random) {
      pending.resize(test.inputs.size());
      expected.resize(test.outputs.size());
      offered.resize(test.inputs.size());
      willing.resize(test.outputs.size());
      frame_ends.clear();
      received = 0;
      for (int f = 0; f < frames; ++f) {
        const Frame frame = test.make(random, f % 3);
        for (std::size_t i = 0; i < pending.size(); ++i)
          pending[i].insert(pending[i].end(), frame.in[i].begin(), frame.in[i].end());
        for (std::size_t i = 0; i < expected.size(); ++i)
          expected[i].insert(expected[i].end(), frame.out[i].begin(), frame.out[i].end());
        frame_beats = frame.out[0].size();
      }
    }
    [[nodiscard]] bool done() const {
      for (const auto& beats : pending)
        if (!beats.empty()) return false;
      for (const auto& beats : expected)
        if (!beats.empty()) return false;
      return true;
    }
    void clear() {
      for (auto& beats : pending) beats.clear();
      for (auto& beats : expected) beats.clear();
      offered.assign(offered.size(), 0);
    }
  };

  bool chance(double probability) { return static_cast<double>(random_() >> 11) * 0x1p-53 < probability; }

  Beat noise(int width) {
    Beat beat(static_cast<std::size_t>(width + 31) / 32);
    for (auto& word : beat) word = static_cast<std::uint32_t>(random_());
    if (width % 32 != 0) beat.back() &= (1U << (width % 32)) - 1;
    return beat;
  }

  void fail(const Run& run, const std::string& message) {
    if (!failed_)
      std::printf("%s, cycle %llu: %s\n", run.test.name.c_str(), static_cast<unsigned long long>(now_),
                  message.c_str());
    failed_ = true;
  }

  void drive(Run& run, double valid, double ready) {
    for (std::size_t i = 0; i < run.pending.size(); ++i) {
      const Input& port = run.test.inputs[i];
      if (!run.offered[i] && !run.pending[i].empty() && chance(valid)) run.offered[i] = 1;
      port.valid(run.offered[i] != 0);
      port.data(run.offered[i] ? run.pending[i].front() : noise(port.width));
    }
    for (std::size_t i = 0; i < run.expected.size(); ++i) {
      run.willing[i] = chance(ready);
      run.test.outputs[i].ready(run.willing[i] != 0);
    }
  }

  void observe(Run& run) {
    for (std::size_t i = 0; i < run.pending.size(); ++i) {
      if (!run.offered[i] || !run.test.inputs[i].ready()) continue;
      run.pending[i].pop_front();
      run.offered[i] = 0;
      moved_ = now_;
    }
    for (std::size_t i = 0; i < run.expected.size(); ++i) {
      const Output& port = run.test.outputs[i];
      if (!run.willing[i] || !port.valid()) continue;
      moved_ = now_;
      if (run.expected[i].empty()) {
        fail(run, "a beat that no frame holds: " + text(port.data()));
        continue;
      }
      const Beat got = port.data();
      if (got != run.expected[i].front())
        fail(run, "output " + std::to_string(i) + " is " + text(got) + ", expected " +
                      text(run.expected[i].front()) + " (" + std::to_string(run.expected[i].size()) +
                      " beats left)");
      run.expected[i].pop_front();
      if (i == 0 && ++run.received % run.frame_beats == 0) run.frame_ends.push_back(now_);
    }
  }

  void cycle(double valid, double ready) {
    for (auto& run : runs_) drive(run, valid, ready);
    top_->clk = 0;
    top_->eval();
    ++now_;
    if (top_->rst_n)
      for (auto& run : runs_) observe(run);
    top_->clk = 1;
    top_->eval();
  }

  void reset(int cycles) {
    for (auto& run : runs_) {
      run.top_up(0, random_);
      run.clear();
    }
    top_->rst_n = 0;
    for (int i = 0; i < cycles; ++i) cycle(0, 0.5);
    top_->rst_n = 1;
    moved_ = now_;
  }

  void simulate(int frames, double valid, double ready) {
    for (auto& run : runs_) run.top_up(frames, random_);
    moved_ = now_;
    const auto busy = [&] {
      for (const auto& run : runs_)
        if (!run.done()) return true;
      return false;
    };
    while (!failed_ && busy()) {
      cycle(valid, ready);
      if (now_ - moved_ > 20000) {
        for (const auto& run : runs_)
          if (!run.done()) fail(run, "nothing moves for 20000 cycles");
      }
    }
  }

  /// Resets in the middle of a frame; what was under way is lost.
  void interrupt() {
    if (failed_) return;
    for (auto& run : runs_) run.top_up(2, random_);
    std::size_t most = 0;
    for (const auto& run : runs_) most = std::max(most, run.pending[0].size());
    const std::uint64_t stop = now_ + 3 + random_() % (most + 1);
    while (now_ < stop) cycle(0.8, 0.6);
    reset(1 + static_cast<int>(random_() % 3));
  }

  void check_intervals(int frames) {
    if (failed_ || frames < 2) return;
    for (const auto& run : runs_) {
      const auto& ends = run.frame_ends;
      const double cycles = static_cast<double>(ends.back() - ends.front()) / (frames - 1);
      std::printf("%s: %.1f cycles per frame\n", run.test.name.c_str(), cycles);
      if (run.test.interval > 0 && cycles > run.test.interval)
        fail(run, std::to_string(cycles) + " cycles per frame, at most " + std::to_string(run.test.interval) +
                      " allowed");
    }
  }

  Random random_;
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Top> top_;
  std::vector<Run> runs_;
  std::uint64_t now_ = 0, moved_ = 0;
  bool failed_ = false;
};

/// Runs the bench built by `prepare(bench)` with two seeds.
template <class Top, class Prepare>
int run_bench(Prepare prepare, int frames = 4) {
  for (const std::uint64_t seed : {1U, 2U}) {
    Bench<Top> bench(seed);
    prepare(bench);
    if (bench.run(frames) != 0) return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}

}  // namespace bitmason::bench
