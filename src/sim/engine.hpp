#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/npy.hpp"
#include "base/result.hpp"
#include "ir/network.hpp"

/// The integer meaning of a network, executed.
namespace bitmason::sim {

/// Codes of one frame, shape (C, H, W) in C order.
using Codes = std::vector<std::int64_t>;

/// All tensors of one frame by layer index; empty where not kept.
using Trace = std::vector<Codes>;

/// Executes the definitions in ir/network.hpp with plain loops on 64-bit integers: slow, obvious, the oracle.
/// `inputs` has one frame of codes per network input. Returns every tensor.
Trace run_reference(const ir::Network& network, std::span<const Codes> inputs);

/// Instruction set of the fast engine's kernels.
enum class Isa { Portable, Avx2, Avx512Vnni };
Isa best_isa();
bool is_supported(Isa isa);
/// "portable", "avx2" or "avx512vnni".
std::string_view name_of(Isa isa);

/// Prepared network: chooses per layer, from the exact ranges, the narrowest arithmetic that cannot overflow.
class Engine {
 public:
  struct Options {
    Isa isa = best_isa();
    int threads = 0;        ///< 0: all
    bool keep_all = false;  ///< keep every tensor in the trace, not only the outputs
  };
  Engine(const ir::Network& network, const Options& options);
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  /// One frame in, the output tensors (or all) by layer index out. Equal to run_reference. Not thread-safe.
  Trace run(std::span<const Codes> inputs);

  /// Called with the number of frames finished so far, from one thread at a time.
  using Progress = std::function<void(std::size_t)>;
  /// Many frames, each with one frame of codes per network input: one thread computes one frame. Results are
  /// in the order of the frames and equal run() of each. Not thread-safe.
  std::vector<Trace> run_batch(std::span<const std::vector<Codes>> frames, const Progress& progress = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Batched real values of the file's input -> codes per frame. Shapes must equal the file's but for the batch
/// (first dimension, any size; a missing batch dimension counts as 1). Exact: the code of each value is that
/// of the port's function on rationals. Errors: BM-SIM-001..004.
Result<std::vector<Codes>> quantise_input(const ir::Network& network, const ir::InputPort& port,
                                          const NpyArray& values);

/// Codes per frame -> the file's output values with all tail operators applied, batch first. Integers (int64)
/// where every code becomes an integer and no tail follows, or where the tail ends in indices; float32
/// otherwise, held as the nearest doubles.
NpyArray dequantise_output(const ir::Network& network, const ir::OutputPort& port,
                           std::span<const Codes> frames);

}  // namespace bitmason::sim
