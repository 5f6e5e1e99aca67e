// Generic bench for a design with ready/valid streams: drives every input from a file of beats, records every
// output beat with its cycle. The ports come from the generated design_ports.hpp:
//   BENCH_CLOCK, BENCH_RESET
//   BENCH_INPUTS(X), BENCH_OUTPUTS(X): X(name, data port, valid port, ready port, index, offset, width, last)
//   BENCH_PROBES(X): X(name, data net, valid net, ready net, width)
// where index is the bit of the valid and ready vectors, offset the lowest data bit, last the tlast port or
// bench_no_last.
//   BENCH_MEMORY_BITS where the design has an AXI4 read port m_axi and an input weights_base: bits of a beat
//
// Arguments: dir=FOLDER (of in_<name>.bin and of the records), frame_<name>=BEATS, expect_<name>=BEATS,
// stall_in=PERCENT, stall_out=PERCENT, seed=N, idle=CYCLES (without any transfer: given up), cycles=N (stop
// there), memory=FILE, latency=CYCLES (behind m_axi), drain=CYCLES (after the last expected beat),
// reset_after=BEATS of the first input. Prints "cycles N" and for each violation a line; exit code 0
// complete, 3 stuck, 4 protocol violation.

#include <memory>
#include <vector>

#include "Vbench.h"
#include "Vbench___024root.h"
#include "design_ports.hpp"
#include "memory.hpp"
#include "ports.hpp"
#include "streams.hpp"

namespace {

[[maybe_unused]] CData bench_no_last = 0;

class Bench {
 public:
  Bench(VerilatedContext& context, const bench::Options& options)
      : context_(context),
        model_(new Vbench(&context)),
        options_(options),
        check_(options.number("seed") + 77) {
    const std::string folder = options.text("dir", ".") + "/";
    const auto stall_in = static_cast<unsigned>(options.number("stall_in"));
    const auto stall_out = static_cast<unsigned>(options.number("stall_out"));
    unsigned long long seed = options.number("seed") * 1000;
#ifdef BENCH_MEMORY_BITS
    memory_ = std::make_unique<bench::Memory>(BENCH_MEMORY_BITS, options.number("latency", 100), stall_in,
                                              seed + 500);
    if (!memory_->load(options.text("memory"))) std::printf("violation: no memory image\n");
    model_->weights_base = bench::kMemoryBase;
#endif
    checks_dependence_ = stall_out != 0;
#define BENCH_ADD(NAME, DATA, VALID, READY, INDEX, OFFSET, WIDTH, LAST) \
  add_source(#NAME, WIDTH, folder, bench::Stalls(stall_in, ++seed));
    BENCH_INPUTS(BENCH_ADD)
#undef BENCH_ADD
#define BENCH_ADD(NAME, DATA, VALID, READY, INDEX, OFFSET, WIDTH, LAST) \
  add_sink(sinks_, #NAME, WIDTH, folder + "out_", bench::Stalls(stall_out, ++seed));
    BENCH_OUTPUTS(BENCH_ADD)
#undef BENCH_ADD
#define BENCH_ADD(NAME, DATA, VALID, READY, WIDTH) \
  add_sink(probes_, #NAME, WIDTH, folder + "probe_", bench::Stalls(0, 0));
    BENCH_PROBES(BENCH_ADD)
#undef BENCH_ADD
  }

  int run() {
    reset();
    const std::uint64_t reset_after = options_.number("reset_after");
    if (reset_after != 0) {
      until([&] { return sources_.at(0).next >= reset_after; });
      restart();
      reset();
    }
    const std::uint64_t limit = options_.number("cycles", ~0ULL);
    until([&] { return cycle_ >= limit || complete(); });
    for (std::uint64_t k = options_.number("drain"); k != 0 && violations_ == 0; --k) step();
    std::printf("cycles %llu\n", static_cast<unsigned long long>(cycle_));
    bool written = true;
    for (auto& source : sources_) written = source.taken.close() && written;
    for (auto& sink : sinks_) written = sink.received.close() && written;
    for (auto& probe : probes_) written = probe.received.close() && written;
    model_->final();
    if (!written) return 5;
    return violations_ != 0 ? 4 : stuck_ ? 3 : 0;
  }

 private:
  void add_source(const char* name, unsigned width, const std::string& folder, bench::Stalls stalls) {
    bench::Source& source = sources_.emplace_back();
    source.name = name;
    source.width = width;
    source.frame_beats = options_.number(std::string("frame_") + name);
    source.stalls = stalls;
    source.taken.open(folder + "taken_" + name + ".bin");
    if (!source.load(folder + "in_" + name + ".bin")) std::printf("violation: no input file for %s\n", name);
  }
  void add_sink(std::vector<bench::Sink>& sinks, const char* name, unsigned width, const std::string& prefix,
                bench::Stalls stalls) {
    bench::Sink& sink = sinks.emplace_back();
    sink.name = name;
    sink.width = width;
    sink.expected = options_.number(std::string("expect_") + name);
    sink.stalls = stalls;
    sink.ready = true;
    sink.received.open(prefix + name + ".bin");
  }

  bool complete() const {
    for (const auto& sink : sinks_) {
      if (sink.count < sink.expected) return false;
    }
    return true;
  }

  template <class Done>
  void until(Done done) {
    const std::uint64_t idle_limit = options_.number("idle", 1000000);
    while (!done() && violations_ == 0 && !context_.gotFinish()) {
      step();
      if (idle_ > idle_limit) {
        stuck_ = true;
        return;
      }
    }
  }

  void reset() {
    drive(false);
    drive_memory(false);
    for (int k = 0; k < 8; ++k) {
      model_->BENCH_RESET = 0;
      half(0);
      // The first edge in reset clears the state.
      if (k > 0) check_quiet();
      half(1);
    }
    model_->BENCH_RESET = 1;
    cycle_ = 0;
    idle_ = 0;
  }
  void restart() {
    for (auto& source : sources_) source.restart();
    for (auto& sink : sinks_) sink.restart();
    if (memory_) memory_->restart();
    for (auto& probe : probes_) probe.restart();
  }

  void half(int level) {
    model_->BENCH_CLOCK = static_cast<CData>(level);
    model_->eval();
    context_.timeInc(1);
  }

  void step() {
    for (auto& source : sources_) source.offer();
    for (auto& sink : sinks_) sink.ready = !sink.stalls.now();
    if (memory_) memory_->offer(cycle_);
    drive(true);
    drive_memory(true);
    half(0);
    if (checks_dependence_ && check_.below(16) == 0) check_dependence();
    sample();
    sample_memory();
    half(1);
    ++cycle_;
  }

  void drive_memory([[maybe_unused]] bool active) {
#ifdef BENCH_MEMORY_BITS
    const bool valid = active && memory_->valid();
    model_->m_axi_arready = active && memory_->ready();
    model_->m_axi_rvalid = valid;
    model_->m_axi_rlast = valid && memory_->last();
    model_->m_axi_rresp = 0;
    if (valid) bench::set_bits(model_->m_axi_rdata, 0, BENCH_MEMORY_BITS, memory_->data());
#endif
  }

  void sample_memory() {
#ifdef BENCH_MEMORY_BITS
    const bench::MemoryRequest request{.valid = model_->m_axi_arvalid != 0,
                                       .address = model_->m_axi_araddr,
                                       .beats = model_->m_axi_arlen + 1U,
                                       .size = model_->m_axi_arsize,
                                       .incrementing = model_->m_axi_arburst == 1};
    const std::string violation = memory_->sample(cycle_, request, model_->m_axi_rready != 0);
    report("m_axi", model_->weights_error != 0 ? "an error without a bad response" : violation);
#endif
  }

  void drive(bool active) {
    std::size_t k = 0;
#define BENCH_DRIVE(NAME, DATA, VALID, READY, INDEX, OFFSET, WIDTH, LAST)            \
  {                                                                                  \
    [[maybe_unused]] Vbench& m = *model_;                                            \
    const bench::Source& source = sources_[k++];                                     \
    bench::set_bit(VALID, INDEX, active&& source.valid);                             \
    if (active && source.valid) bench::set_bits(DATA, OFFSET, WIDTH, source.data()); \
    LAST = static_cast<CData>(active && source.valid && source.last());              \
  }
    BENCH_INPUTS(BENCH_DRIVE)
#undef BENCH_DRIVE
    drive_ready(active, false);
  }

  void drive_ready(bool active, bool inverted) {
    std::size_t k = 0;
#define BENCH_DRIVE(NAME, DATA, VALID, READY, INDEX, OFFSET, WIDTH, LAST)    \
  {                                                                          \
    [[maybe_unused]] Vbench& m = *model_;                                    \
    bench::set_bit(READY, INDEX, active && (sinks_[k++].ready != inverted)); \
  }
    BENCH_OUTPUTS(BENCH_DRIVE)
#undef BENCH_DRIVE
  }

  void sample() {
    bool moved = false;
    std::size_t k = 0;
#define BENCH_SAMPLE(NAME, DATA, VALID, READY, INDEX, OFFSET, WIDTH, LAST) \
  {                                                                        \
    [[maybe_unused]] Vbench& m = *model_;                                  \
    bench::Source& source = sources_[k++];                                 \
    if (source.valid && bench::bit(READY, INDEX)) {                        \
      source.take(cycle_);                                                 \
      moved = true;                                                        \
    }                                                                      \
  }
    BENCH_INPUTS(BENCH_SAMPLE)
#undef BENCH_SAMPLE
    k = 0;
#define BENCH_SAMPLE(NAME, DATA, VALID, READY, INDEX, OFFSET, WIDTH, LAST) \
  {                                                                        \
    [[maybe_unused]] Vbench& m = *model_;                                  \
    bench::Sink& sink = sinks_[k++];                                       \
    const bool valid = bench::bit(VALID, INDEX);                           \
    if (valid) bench::get_bits(DATA, OFFSET, WIDTH, sink.data);            \
    moved = moved || (valid && sink.ready);                                \
    report(sink, sink.sample(cycle_, valid, LAST != 0));                   \
  }
    BENCH_OUTPUTS(BENCH_SAMPLE)
#undef BENCH_SAMPLE
    k = 0;
#define BENCH_SAMPLE(NAME, DATA, VALID, READY, WIDTH)       \
  {                                                         \
    [[maybe_unused]] Vbench& m = *model_;                   \
    bench::Sink& probe = probes_[k++];                      \
    const bool valid = bench::bit(VALID, 0);                \
    if (valid) bench::get_bits(DATA, 0, WIDTH, probe.data); \
    probe.ready = bench::bit(READY, 0);                     \
    moved = moved || (valid && probe.ready);                \
    report(probe, probe.sample(cycle_, valid, false));      \
  }
    BENCH_PROBES(BENCH_SAMPLE)
#undef BENCH_SAMPLE
    (void)k;
    idle_ = moved ? 0 : idle_ + 1;
  }

  /// Valid must not follow ready within a cycle.
  void check_dependence() {
    std::vector<bool> before;
    std::vector<bool> after;
    for (auto* valids : {&before, &after}) {
#define BENCH_COLLECT(NAME, DATA, VALID, READY, INDEX, OFFSET, WIDTH, LAST) \
  {                                                                         \
    [[maybe_unused]] Vbench& m = *model_;                                   \
    valids->push_back(bench::bit(VALID, INDEX));                            \
  }
      BENCH_OUTPUTS(BENCH_COLLECT)
#undef BENCH_COLLECT
      drive_ready(true, valids == &before);
      model_->eval();
    }
    for (std::size_t k = 0; k < before.size(); ++k) {
      if (before[k] != after[k]) report(sinks_[k], "valid depends on ready");
    }
  }

  void check_quiet() {
    std::size_t k = 0;
#define BENCH_QUIET(NAME, DATA, VALID, READY, INDEX, OFFSET, WIDTH, LAST)      \
  {                                                                            \
    [[maybe_unused]] Vbench& m = *model_;                                      \
    report(sinks_[k++], bench::bit(VALID, INDEX) ? "valid during reset" : ""); \
  }
    BENCH_OUTPUTS(BENCH_QUIET)
#undef BENCH_QUIET
  }

  void report(const bench::Sink& sink, const std::string& violation) {
    report(sink.name, violation);
  }
  void report(const std::string& name, const std::string& violation) {
    if (violation.empty()) return;
    ++violations_;
    std::printf("violation: %s in cycle %llu: %s\n", name.c_str(), static_cast<unsigned long long>(cycle_),
                violation.c_str());
  }

  VerilatedContext& context_;
  std::unique_ptr<Vbench> model_;
  const bench::Options& options_;
  bench::Random check_;
  std::vector<bench::Source> sources_;
  std::vector<bench::Sink> sinks_;
  std::vector<bench::Sink> probes_;
  std::unique_ptr<bench::Memory> memory_;  ///< behind m_axi; none where the design has no such port
  std::uint64_t cycle_ = 0;
  std::uint64_t idle_ = 0;
  unsigned violations_ = 0;
  bool stuck_ = false;
  bool checks_dependence_ = false;
};

}  // namespace

int main(int count, char** arguments) {
  VerilatedContext context;
  context.commandArgs(count, arguments);
  const bench::Options options(count, arguments);
  Bench bench(context, options);
  return bench.run();
}
