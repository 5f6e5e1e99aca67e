#include "qat/sensitivity.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "base/shared_results.hpp"
#include "qat/calibration.hpp"
#include "qat/diagnostics.hpp"
#include "qat/fingerprint.hpp"
#include "qat/integer_evaluation.hpp"
#include "qat/trainer.hpp"

namespace bitmason::qat {
namespace {

constexpr int kWidest = 8;

using Json = nlohmann::ordered_json;

/// The loss in a file of measured ones.
Result<double> loss_in(const std::string& text, const std::filesystem::path& file) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_object() && json.contains("loss") && json["loss"].is_number())
    return json["loss"].get<double>();
  return make_diagnostic(diagnostics::kNoLosses, file.string());
}

graph::Bits widest(std::size_t layers) {
  return {std::vector<int>(layers, kWidest), std::vector<int>(layers, kWidest)};
}

/// A network with one width that is not 8 bits, and where its loss goes.
struct Probe {
  graph::Bits bits;
  double* loss = nullptr;
  bool done = false;
};

std::vector<Probe> probes_of(Sensitivity& result, const SensitivityOptions& options, std::size_t layers) {
  std::vector<Probe> probes;
  const graph::Bits base = options.base.value_or(widest(layers));
  for (const bool weights : {true, false}) {
    auto& table = weights ? result.weights : result.activations;
    table.assign(layers, std::vector<double>(kWidest + 1, 0));
    for (std::size_t layer = 0; layer < layers; ++layer) {
      for (const int width : (weights ? options.weights : options.activations)[layer]) {
        if (width == kWidest && !options.base) continue;
        Probe probe{base, &table[layer][static_cast<std::size_t>(width)]};
        (weights ? probe.bits.weights : probe.bits.activations)[layer] = width;
        probes.push_back(std::move(probe));
      }
    }
  }
  return probes;
}

/// What the widest width of each set loses is taken off.
void make_relative(std::vector<std::vector<double>>& table, const std::vector<std::vector<int>>& sets) {
  for (std::size_t layer = 0; layer < table.size(); ++layer) {
    if (sets[layer].empty()) continue;
    const double least = table[layer][static_cast<std::size_t>(std::ranges::max(sets[layer]))];
    for (double& loss : table[layer]) loss -= least;
  }
}

/// No wider width loses more; what was not measured is 0, or less, before.
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
    if (!holdout_.boxes.empty()) return box_divergence(reference_, *found, *box_head(graph_));
    return divergence(reference_, *found, reference_.size() / holdout_.count());
  }

 private:
  [[nodiscard]] Result<std::vector<double>> outputs(const graph::Bits& bits) const {
    const auto quantised = quantise(
        graph_, images_, {.place = {.bits = bits}, .images = options_.images, .threads = options_.threads});
    if (!quantised) return quantised.errors();
    const auto codes = evaluate(*quantised, holdout_, {.threads = options_.threads});
    if (!codes) return codes.errors();
    return real_outputs(*codes, graph::shapes(graph_)->back());
  }

  const graph::Graph& graph_;
  const data::ImageSet& images_;
  const data::ImageSet& holdout_;
  const SensitivityOptions& options_;
  graph::Bits widest_;
  std::vector<double> reference_;
};

/// Measured losses, kept where there is a folder.
class Measurements {
 public:
  Measurements(const SensitivityOptions& options, const std::string& name) {
    if (!options.folder.empty()) kept_.emplace(options.folder / name);
  }
  [[nodiscard]] std::size_t count() const { return count_; }

  /// Nothing where another process is at it; with `waits` its loss.
  Result<std::optional<double>> loss(const graph::Bits& bits, bool waits,
                                     const std::function<Result<double>()>& measure) {
    const auto counted = [&] {
      ++count_;
      return measure();
    };
    const auto optional = [](const Result<double>& one) -> Result<std::optional<double>> {
      if (!one) return one.errors();
      return std::optional(*one);
    };
    if (!kept_) return optional(counted());
    const auto key = fmt::format("w{}_a{}", fmt::join(bits.weights, ","), fmt::join(bits.activations, ","));
    const SharedResults::Work work = [&]() -> Result<std::string> {
      const auto one = counted();
      if (!one) return one.errors();
      return json_text(Json{{"loss", *one}}) + "\n";
    };
    if (waits) {
      const auto text = kept_->get(key, work);
      if (!text) return text.errors();
      return optional(loss_in(*text, kept_->path_of(key)));
    }
    const auto text = kept_->get_unless_taken(key, work);
    if (!text) return text.errors();
    if (!*text) return std::optional<double>();
    return optional(loss_in(**text, kept_->path_of(key)));
  }

 private:
  std::optional<SharedResults> kept_;
  std::size_t count_ = 0;
};

}  // namespace

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

double box_divergence(const std::vector<double>& reference, const std::vector<double>& outputs,
                      const BoxHead& head) {
  const std::size_t each = head.cells() * static_cast<std::size_t>(head.anchors * BoxHead::kFields);
  std::vector<double> wanted;
  std::vector<double> found;
  double apart = 0;
  for (std::size_t first = 0; first < reference.size(); first += each) {
    const auto a = std::span(reference).subspan(first, each);
    const auto b = std::span(outputs).subspan(first, each);
    for (auto [from, to] : {std::pair(a, &wanted), std::pair(b, &found)})
      for (const double one : head.confidences(from)) to->push_back(one);
    apart += 1 - data::iou(head.box_of(a), head.box_of(b));
  }
  return divergence(wanted, found, head.cells()) +
         apart * static_cast<double>(each) / static_cast<double>(reference.size());
}

Result<Sensitivity> sensitivity(const graph::Graph& graph, const data::ImageSet& images,
                                const data::ImageSet& holdout, const SensitivityOptions& options) {
  if (const auto status = check_images(graph, holdout); !status) return status.errors();
  Sensitivity result;
  const std::size_t layers = graph::weighted(graph).size();
  auto probes = probes_of(result, options, layers);
  Divergences divergences(graph, images, holdout, options, widest(layers));
  Measurements measure(options, fmt::format("divergence-{}-{}-{}", fingerprint(graph, {&images, &holdout}),
                                            options.images, options.threads));
  const auto start = std::chrono::steady_clock::now();
  std::size_t done = 0;
  // What other processes are at is left for the second round, which waits for them.
  for (const bool waits : {false, true}) {
    for (Probe& probe : probes) {
      if (probe.done) continue;
      const auto loss = measure.loss(probe.bits, waits, [&] { return divergences.of(probe.bits); });
      if (!loss) return loss.errors();
      if (!*loss) continue;
      *probe.loss = **loss;
      if (options.base && probe.bits == *options.base) result.base = **loss;
      probe.done = true;
      result.measured = measure.count();
      const std::chrono::duration<double> past = std::chrono::steady_clock::now() - start;
      const auto each = past.count() / static_cast<double>(std::max<std::size_t>(1, result.measured));
      options.progress({++done, probes.size(), each * static_cast<double>(probes.size() - done)});
    }
  }
  if (options.base) {
    make_relative(result.weights, options.weights);
    make_relative(result.activations, options.activations);
  }
  make_monotone(result.weights);
  make_monotone(result.activations);
  return result;
}

}  // namespace bitmason::qat
