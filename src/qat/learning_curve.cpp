#include "qat/learning_curve.hpp"

#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "qat/diagnostics.hpp"

namespace bitmason::qat {

using Json = nlohmann::ordered_json;

Result<LearningCurve> LearningCurve::open(const std::filesystem::path& file) {
  LearningCurve curve;
  curve.file_ = file;
  std::error_code none;
  if (file.empty() || !std::filesystem::exists(file, none)) return curve;
  const auto text = read_file(file);
  if (!text) return text.errors();
  const Json json = Json::parse(*text, nullptr, false);
  try {
    for (const auto& row : json.at("epochs")) {
      curve.epochs_[row.at("epoch").get<int>()] = {row.at("loss").get<double>(),
                                                   row.at("train_accuracy").get<double>(),
                                                   row.at("holdout_accuracy").get<double>()};
    }
  } catch (const Json::exception&) {
    return make_diagnostic(diagnostics::kNoCurve, file.string());
  }
  return curve;
}

Status LearningCurve::add(const Progress& progress) {
  if (file_.empty() || !progress.holdout_accuracy) return success();
  epochs_.erase(epochs_.lower_bound(progress.epoch), epochs_.end());
  epochs_[progress.epoch] = {progress.loss, progress.train_accuracy, *progress.holdout_accuracy};
  Json rows = Json::array();
  for (const auto& [epoch, entry] : epochs_) {
    rows.push_back({{"epoch", epoch},
                    {"loss", entry.loss},
                    {"train_accuracy", entry.train_accuracy},
                    {"holdout_accuracy", entry.holdout_accuracy}});
  }
  return write_file(file_, json_text(Json{{"epochs", rows}}, 1) + "\n");
}

}  // namespace bitmason::qat
