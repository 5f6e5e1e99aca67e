#include "qat/sensitivity.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "qat/calibration.hpp"
#include "qat/diagnostics.hpp"
#include "qat/fingerprint.hpp"
#include "qat/integer_evaluation.hpp"
#include "qat/trainer.hpp"

namespace bitmason::qat {
namespace {

constexpr int kWidest = 8;

using Json = nlohmann::ordered_json;

/// Losses by the bits of the network, kept in a file.
class Losses {
 public:
  static Result<Losses> open(const std::filesystem::path& folder, const std::string& name) {
    Losses losses;
    if (folder.empty()) return losses;
    losses.file_ = folder / (name + ".json");
    std::error_code none;
    if (!std::filesystem::exists(losses.file_, none)) return losses;
    const auto text = read_file(losses.file_);
    if (!text) return text.errors();
    const Json json = Json::parse(*text, nullptr, false);
    const auto damaged = make_diagnostic(diagnostics::kNoLosses, losses.file_.string());
    if (!json.is_object()) return damaged;
    for (const auto& [bits, loss] : json.items()) {
      if (!loss.is_number()) return damaged;
      losses.known_[bits] = loss.get<double>();
    }
    return losses;
  }

  [[nodiscard]] const double* find(const std::string& bits) const {
    const auto at = known_.find(bits);
    return at == known_.end() ? nullptr : &at->second;
  }
  Status add(const std::string& bits, double loss) {
    known_[bits] = loss;
    return file_.empty() ? success() : write_file(file_, json_text(Json(known_), 1) + "\n");
  }

 private:
  std::filesystem::path file_;
  std::map<std::string, double> known_;
};

/// A network with one width that is not 8 bits, and where its loss goes.
struct Probe {
  graph::Bits bits;
  double* loss = nullptr;
};

std::vector<Probe> probes_of(Sensitivity& result, const SensitivityOptions& options, std::size_t layers) {
  const graph::Bits widest{std::vector<int>(layers, kWidest), std::vector<int>(layers, kWidest)};
  std::vector<Probe> probes{{widest, &result.loss}};
  for (const bool weights : {true, false}) {
    auto& table = weights ? result.weights : result.activations;
    table.assign(layers, std::vector<double>(kWidest + 1, 0));
    for (std::size_t layer = 0; layer < layers; ++layer) {
      for (const int width : (weights ? options.weights : options.activations)[layer]) {
        if (width == kWidest) continue;
        Probe probe{widest, &table[layer][static_cast<std::size_t>(width)]};
        (weights ? probe.bits.weights : probe.bits.activations)[layer] = width;
        probes.push_back(std::move(probe));
      }
    }
  }
  return probes;
}

/// Losses become increases that no wider width exceeds; what was not measured is 0 before.
void make_monotone(std::vector<std::vector<double>>& table, double loss) {
  for (auto& row : table) {
    double most = 0;
    for (std::size_t bits = kWidest; bits > 0; --bits) {
      most = std::max(most, row[bits] - loss);
      row[bits] = most;
    }
  }
}

}  // namespace

double cross_entropy(const std::vector<std::int64_t>& codes, const std::vector<double>& units,
                     const std::vector<int>& labels) {
  const std::size_t classes = codes.size() / labels.size();
  double sum = 0;
  for (std::size_t image = 0; image < labels.size(); ++image) {
    const auto logit = [&](std::size_t c) {
      return static_cast<double>(codes[image * classes + c]) * units[units.size() == 1 ? 0 : c];
    };
    double largest = logit(0);
    for (std::size_t c = 1; c < classes; ++c) largest = std::max(largest, logit(c));
    double total = 0;
    for (std::size_t c = 0; c < classes; ++c) total += std::exp(logit(c) - largest);
    sum += largest + std::log(total) - logit(static_cast<std::size_t>(labels[image]));
  }
  return sum / static_cast<double>(labels.size());
}

Result<Sensitivity> sensitivity(const graph::Graph& graph, const data::ImageSet& images,
                                const data::ImageSet& holdout, const SensitivityOptions& options) {
  if (const auto status = check_images(graph, holdout); !status) return status.errors();
  auto losses = Losses::open(options.folder, fmt::format("{}-{}-{}", fingerprint(graph, {&images, &holdout}),
                                                         options.images, options.threads));
  if (!losses) return losses.errors();
  Sensitivity result;
  const auto probes = probes_of(result, options, graph::weighted(graph).size());
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t k = 0; k < probes.size(); ++k) {
    const auto& bits = probes[k].bits;
    const auto name =
        fmt::format("w {} a {}", fmt::join(bits.weights, ","), fmt::join(bits.activations, ","));
    const double* known = losses->find(name);
    if (known == nullptr) {
      const auto quantised = quantise(
          graph, images, {.place = {.bits = bits}, .images = options.images, .threads = options.threads});
      if (!quantised) return quantised.errors();
      const auto codes = evaluate(*quantised, holdout, {.threads = options.threads});
      if (!codes) return codes.errors();
      const double loss = cross_entropy(codes->output, codes->units, holdout.labels);
      if (const auto saved = losses->add(name, loss); !saved) return saved.errors();
      known = losses->find(name);
      ++result.measured;
    }
    *probes[k].loss = *known;
    const std::chrono::duration<double> past = std::chrono::steady_clock::now() - start;
    const auto each = past.count() / static_cast<double>(std::max<std::size_t>(1, result.measured));
    options.progress({k + 1, probes.size(), each * static_cast<double>(probes.size() - k - 1)});
  }
  make_monotone(result.weights, result.loss);
  make_monotone(result.activations, result.loss);
  return result;
}

}  // namespace bitmason::qat
