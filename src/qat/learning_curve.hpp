#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/result.hpp"
#include "qat/trainer.hpp"

namespace bitmason::qat {

/// Loss and accuracies by epoch, in a JSON file that is written anew after every epoch. A continued run keeps
/// the epochs before its first.
class LearningCurve {
 public:
  /// An empty path keeps nothing. Errors: BM-FILE-001; BM-QAT-046 (an existing file that is no curve).
  static Result<LearningCurve> open(const std::filesystem::path& file);

  /// After an epoch; within one it does nothing. Errors: BM-FILE-002.
  Status add(const Progress& progress);

 private:
  struct Entry {
    double loss = 0;
    double train_accuracy = 0;
    double holdout_accuracy = 0;
  };
  std::filesystem::path file_;
  std::map<int, Entry> epochs_;
};

}  // namespace bitmason::qat
