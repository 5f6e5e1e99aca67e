#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace bitmason::qat {

/// Where a run stands after a batch.
struct Checkpoint {
  std::string run;         ///< fingerprint of everything that decides the result
  std::int64_t epoch = 0;  ///< completed
  std::int64_t steps = 0;  ///< batches, of all epochs
  std::vector<at::Tensor> tensors;
};

/// Writes torch's pickle of the tensors, through a temporary file. Errors: BM-FILE-002.
Status write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

/// Errors: BM-FILE-001, BM-QAT-041 (not a checkpoint), BM-QAT-040 (of another run than `run`).
Result<Checkpoint> read_checkpoint(const std::filesystem::path& path, const std::string& run);

/// Copies tensors of equal shapes; false where number or shapes differ.
bool restore(const std::vector<at::Tensor>& to, const std::vector<at::Tensor>& from);

}  // namespace bitmason::qat
