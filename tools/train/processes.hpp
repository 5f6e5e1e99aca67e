#pragma once

#include <string>

namespace bitmason::train_cli {

/// This process among those that Open MPI's mpirun started; alone without it. mpirun only starts them:
/// `search` and `compare` share their work through files, `train` averages gradients over Gloo.
struct Processes {
  int rank = 0;
  int count = 1;
  std::string job;  ///< the same for all of them, and no other job's

  [[nodiscard]] bool first() const { return rank == 0; }
};

/// From the variables that mpirun sets (OMPI_COMM_WORLD_RANK, OMPI_COMM_WORLD_SIZE, PMIX_NAMESPACE).
Processes processes();

}  // namespace bitmason::train_cli
