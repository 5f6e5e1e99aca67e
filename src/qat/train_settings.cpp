#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"
#include "qat/diagnostics.hpp"
#include "qat/recipe.hpp"

namespace bitmason::qat {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const TrainSettings& training) {
  return {{"epochs", training.epochs},
          {"batch", training.batch},
          {"learning_rate", training.learning_rate},
          {"optimiser", training.optimiser.method == Method::Sgd ? "sgd" : "adam"},
          {"momentum", training.optimiser.momentum},
          {"weight_decay", training.optimiser.weight_decay},
          {"seed", training.seed},
          {"threads", training.threads},
          {"flip", training.flip},
          {"max_shift", training.max_shift},
          {"distillation", training.distillation.share},
          {"temperature", training.distillation.temperature}};
}

}  // namespace

std::string to_json(const TrainSettings& settings) {
  return json_text(json_of(settings), 2) + "\n";
}

Status check_settings(const TrainSettings& settings) {
  Diagnostics errors;
  const auto check = [&](const char* what, int value, int lo, int hi) {
    if (value < lo || value > hi)
      errors.push_back(
          make_diagnostic(diagnostics::kSpecRange, "training",
                          {what, std::to_string(value), std::to_string(lo), std::to_string(hi)}));
  };
  check("epochs", settings.epochs, 1, 100000);
  check("batch", settings.batch, 2, 65536);
  check("threads", settings.threads, 1, 1024);
  check("max_shift", settings.max_shift, 0, 64);
  const auto& [share, temperature] = settings.distillation;
  if (!(share >= 0 && share <= 1))
    errors.push_back(make_diagnostic(diagnostics::kSpecRange, "training",
                                     {"distillation", fmt::format("{}", share), "0", "1"}));
  if (!(temperature >= 0.1 && temperature <= 100))
    errors.push_back(make_diagnostic(diagnostics::kSpecRange, "training",
                                     {"temperature", fmt::format("{}", temperature), "0.1", "100"}));
  if (!(settings.optimiser.momentum >= 0 && settings.optimiser.momentum < 1))
    errors.push_back(
        make_diagnostic(diagnostics::kSpecRange, "training",
                        {"momentum", fmt::format("{}", settings.optimiser.momentum), "0", "0.999"}));
  if (!(settings.learning_rate > 0 && settings.learning_rate <= 1))
    errors.push_back(
        make_diagnostic(diagnostics::kSpecRange, "training",
                        {"learning_rate", fmt::format("{}", settings.learning_rate), "1e-9", "1"}));
  if (!errors.empty()) return errors;
  return success();
}

}  // namespace bitmason::qat
