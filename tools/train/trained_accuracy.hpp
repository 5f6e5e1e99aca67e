#pragma once

#include "qat/trainer.hpp"
#include "search/trial_store.hpp"
#include "search_setup.hpp"

namespace bitmason::train_cli {

/// Quantises a choice of bits and trains it from the float network's weights, one thread a trial. The share
/// of images that are right is that of the integer codes.
class TrainedAccuracy : public search::Accuracy {
 public:
  /// `settings`: of every trial but for the seed. Keeps a checkpoint of each trial below
  /// request.out/running and each trained network as request.out/networks/KEY.onnx.
  TrainedAccuracy(const SearchRequest& request, const SearchSetup& setup, qat::TrainSettings settings);

  /// What decides the result of a trial besides bits and seed: Trial::training.
  [[nodiscard]] const std::string& training() const { return training_; }
  /// A training that diverges has nothing right. Errors: those of qat::quantise, qat::train and
  /// qat::accuracy; BM-FILE-002.
  Result<search::Score> score(const search::Trial& trial) override;

 private:
  const SearchRequest& request_;
  const SearchSetup& setup_;
  qat::TrainSettings settings_;
  std::string training_;
};

}  // namespace bitmason::train_cli
