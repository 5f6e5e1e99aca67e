#include "qat/sensitivity.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <span>

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

graph::Bits widest(std::size_t layers) {
  return {std::vector<int>(layers, kWidest), std::vector<int>(layers, kWidest)};
}

/// A network with one width that is not 8 bits, and where its loss goes.
struct Probe {
  graph::Bits bits;
  double* loss = nullptr;
};

std::vector<Probe> probes_of(Sensitivity& result, const SensitivityOptions& options, std::size_t layers) {
  std::vector<Probe> probes;
  for (const bool weights : {true, false}) {
    auto& table = weights ? result.weights : result.activations;
    table.assign(layers, std::vector<double>(kWidest + 1, 0));
    for (std::size_t layer = 0; layer < layers; ++layer) {
      for (const int width : (weights ? options.weights : options.activations)[layer]) {
        if (width == kWidest) continue;
        Probe probe{widest(layers), &table[layer][static_cast<std::size_t>(width)]};
        (weights ? probe.bits.weights : probe.bits.activations)[layer] = width;
        probes.push_back(std::move(probe));
      }
    }
  }
  return probes;
}

/// No wider width loses more; what was not measured is 0 before.
void make_monotone(std::vector<std::vector<double>>& table) {
  for (auto& row : table) {
    double most = 0;
    for (std::size_t bits = kWidest; bits > 0; --bits) {
      most = std::max(most, row[bits]);
      row[bits] = most;
    }
  }
}

std::vector<double> log_softmax(std::span<const double> logits) {
  const double largest = std::ranges::max(logits);
  double total = 0;
  for (const double logit : logits) total += std::exp(logit - largest);
  std::vector<double> result;
  for (const double logit : logits) result.push_back(logit - largest - std::log(total));
  return result;
}

/// Quantises, evaluates and compares with the network in the widest bits, which is evaluated once.
class Divergences {
 public:
  Divergences(const graph::Graph& graph, const data::ImageSet& images, const data::ImageSet& holdout,
              const SensitivityOptions& options, graph::Bits reference)
      : graph_(graph), images_(images), holdout_(holdout), options_(options), widest_(std::move(reference)) {}

  Result<double> of(const graph::Bits& bits) {
    if (reference_.empty()) {
      auto reference = outputs(widest_);
      if (!reference) return reference.errors();
      reference_ = *std::move(reference);
    }
    const auto found = outputs(bits);
    if (!found) return found.errors();
    return divergence(reference_, *found, reference_.size() / holdout_.count());
  }

 private:
  [[nodiscard]] Result<std::vector<double>> outputs(const graph::Bits& bits) const {
    const auto quantised = quantise(
        graph_, images_, {.place = {.bits = bits}, .images = options_.images, .threads = options_.threads});
    if (!quantised) return quantised.errors();
    const auto codes = evaluate(*quantised, holdout_, {.threads = options_.threads});
    if (!codes) return codes.errors();
    return logits_of(*codes, codes->output.size() / holdout_.count());
  }

  const graph::Graph& graph_;
  const data::ImageSet& images_;
  const data::ImageSet& holdout_;
  const SensitivityOptions& options_;
  graph::Bits widest_;
  std::vector<double> reference_;
};

}  // namespace

std::vector<double> logits_of(const Evaluation& evaluation, std::size_t classes) {
  std::vector<double> logits;
  const auto& units = evaluation.units;
  for (std::size_t k = 0; k < evaluation.output.size(); ++k)
    logits.push_back(static_cast<double>(evaluation.output[k]) * units[units.size() == 1 ? 0 : k % classes]);
  return logits;
}

double divergence(const std::vector<double>& reference, const std::vector<double>& logits,
                  std::size_t classes) {
  double sum = 0;
  for (std::size_t first = 0; first < logits.size(); first += classes) {
    const auto wanted = log_softmax(std::span(reference).subspan(first, classes));
    const auto found = log_softmax(std::span(logits).subspan(first, classes));
    for (std::size_t c = 0; c < classes; ++c) sum += std::exp(wanted[c]) * (wanted[c] - found[c]);
  }
  return std::max(0.0, sum * static_cast<double>(classes) / static_cast<double>(logits.size()));
}

Result<Sensitivity> sensitivity(const graph::Graph& graph, const data::ImageSet& images,
                                const data::ImageSet& holdout, const SensitivityOptions& options) {
  if (const auto status = check_images(graph, holdout); !status) return status.errors();
  auto losses =
      Losses::open(options.folder, fmt::format("divergence-{}-{}-{}", fingerprint(graph, {&images, &holdout}),
                                               options.images, options.threads));
  if (!losses) return losses.errors();
  Sensitivity result;
  const std::size_t layers = graph::weighted(graph).size();
  const auto probes = probes_of(result, options, layers);
  Divergences measure(graph, images, holdout, options, widest(layers));
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t k = 0; k < probes.size(); ++k) {
    const auto& bits = probes[k].bits;
    const auto name =
        fmt::format("w {} a {}", fmt::join(bits.weights, ","), fmt::join(bits.activations, ","));
    const double* known = losses->find(name);
    if (known == nullptr) {
      const auto loss = measure.of(bits);
      if (!loss) return loss.errors();
      if (const auto saved = losses->add(name, *loss); !saved) return saved.errors();
      known = losses->find(name);
      ++result.measured;
    }
    *probes[k].loss = *known;
    const std::chrono::duration<double> past = std::chrono::steady_clock::now() - start;
    const auto each = past.count() / static_cast<double>(std::max<std::size_t>(1, result.measured));
    options.progress({k + 1, probes.size(), each * static_cast<double>(probes.size() - k - 1)});
  }
  make_monotone(result.weights);
  make_monotone(result.activations);
  return result;
}

}  // namespace bitmason::qat
