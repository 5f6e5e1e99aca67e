#include "scheme_reference.hpp"

#include <fmt/format.h>

namespace bitmason::rtl {
namespace {

/// Kernel row times row of pixels: tap t times pixel j belongs to position j + taps - 1 - t.
void add_row(const std::vector<std::int64_t>& taps, const std::vector<std::int64_t>& pixels,
             std::vector<std::int64_t>& output) {
  for (std::size_t t = 0; t < taps.size(); ++t)
    for (std::size_t j = 0; j < pixels.size(); ++j) output[j + taps.size() - 1 - t] += taps[t] * pixels[j];
}

}  // namespace

void add_outputs(pack::Method method, const Rows& weights, const Rows& pixels, Rows& outputs) {
  switch (method) {
    case pack::Method::Direct:
    case pack::Method::Split:
    case pack::Method::RowPieces:
      return add_row(weights[0], pixels[0], outputs[0]);
    case pack::Method::Karatsuba:
      for (std::size_t r = 0; r < weights.size(); ++r)
        for (std::size_t s = 0; s < pixels.size(); ++s) add_row(weights[r], pixels[s], outputs[r + s]);
      return;
    case pack::Method::Strassen:
      for (std::size_t r = 0; r < 2; ++r)
        for (std::size_t c = 0; c < 2; ++c)
          for (std::size_t k = 0; k < 2; ++k)
            add_row(weights[2 * r + k], pixels[2 * k + c], outputs[2 * r + c]);
      return;
    case pack::Method::WinogradRow:
      for (std::size_t o = 0; o < 2; ++o)
        for (std::size_t t = 0; t < 3; ++t) add_row(weights[t], pixels[o + t], outputs[o]);
      return;
    case pack::Method::WinogradTile:
      for (std::size_t y = 0; y < 2; ++y)
        for (std::size_t x = 0; x < 2; ++x)
          for (std::size_t r = 0; r < 3; ++r)
            for (std::size_t t = 0; t < 3; ++t)
              add_row(weights[3 * r + t], pixels[4 * (y + r) + x + t], outputs[2 * y + x]);
      return;
  }
}

Reference::Reference(SchemeCase test, std::uint64_t seed) : test_(std::move(test)), random_(seed) {
  for (const hw::Net& net : test_.module.module.nets)
    if (net.name == "activations" || net.name == "weights")
      noise_words_ = std::max(noise_words_, (net.width + 31) / 32);
  restart();
}

void Reference::restart() {
  step_ = 0;
  due_.clear();
  weights_.clear();
  clear_block();
}

void Reference::clear_block() {
  const auto positions = static_cast<std::size_t>(hw::positions_of(test_.scheme, test_.shape.block));
  const auto channels = static_cast<std::size_t>(test_.shape.block.channels);
  const std::size_t outputs = test_.scheme.algorithm.outputs.back().size();
  outputs_.assign(channels, Rows(outputs, std::vector<std::int64_t>(positions, 0)));
  Rows sums;
  for (std::size_t p = 0; p < test_.scheme.algorithm.products(); ++p)
    sums.emplace_back(static_cast<std::size_t>(test_.scheme.algorithm.taps_of(p).count), 0);
  weight_sums_.assign(channels, sums);
}

std::string Reference::text() const {
  return fmt::format("{:20} {:11} {:5.2f} MAC per multiplier, {:3} multipliers, {:2} channels x {:2} pixels",
                     test_.name, to_text(test_.scheme.method), test_.scheme.density(),
                     test_.module.multipliers, test_.shape.block.channels, test_.shape.block.pixels);
}

std::int64_t Reference::value(const IntRange& range, int at_low) {
  if (style_ == 0) return at_low != 0 ? range.lo : range.hi;
  if (style_ < 4 && random_() % 2 == 0) return random_() % 2 == 0 ? range.lo : range.hi;
  return range.lo + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(range.span() + 1));
}

hw::Word Reference::step(long cycle) {
  const pack::Scheme& scheme = test_.scheme;
  const hw::SchemeShape& shape = test_.shape;
  if (step_ == 0) style_ = static_cast<int>(random_() % 8), corner_ = static_cast<int>(random_() % 4);
  const int bits = scheme.activation.bits();
  hw::Word x;
  hw::WeightStep operands;
  for (int l = 0; l < shape.lanes; ++l) {
    Rows pixels(scheme.algorithm.activation_rows());
    for (auto& row : pixels)
      for (int j = 0; j < shape.block.pixels; ++j) {
        row.push_back(value(scheme.activation, corner_ & 1));
        x.append(row.back(), bits);
      }
    auto& lane = operands.emplace_back();
    for (std::size_t c = 0; c < outputs_.size(); ++c) {
      Rows weights(scheme.algorithm.weight_rows());
      for (auto& row : weights)
        for (int t = 0; t < scheme.algorithm.kernel; ++t) row.push_back(value(scheme.weight, corner_ & 2));
      add_outputs(scheme.method, weights, pixels, outputs_[c]);
      lane.push_back(pack::weight_operands(scheme.algorithm, weights));
      for (std::size_t p = 0; p < lane.back().size(); ++p)
        for (std::size_t t = 0; t < lane.back()[p].size(); ++t) weight_sums_[c][p][t] += lane.back()[p][t];
    }
  }
  weights_.push_back({cycle + test_.module.weights_at, hw::weight_word(scheme, shape.block, operands)});
  if (last()) {
    const auto correction = hw::centring_correction(scheme, shape.block, weight_sums_);
    for (std::size_t c = 0; c < outputs_.size(); ++c)
      for (std::size_t o = 0; o < outputs_[c].size(); ++o)
        for (std::size_t u = 0; u < outputs_[c][o].size(); ++u) outputs_[c][o][u] -= correction[c][o][u];
    due_.push_back({cycle + test_.module.latency, outputs_});
    clear_block();
  }
  step_ = (step_ + 1) % shape.steps;
  return x;
}

const hw::Word* Reference::weights_at(long cycle) {
  while (!weights_.empty() && weights_.front().at < cycle) weights_.pop_front();
  return !weights_.empty() && weights_.front().at == cycle ? &weights_.front().word : nullptr;
}

}  // namespace bitmason::rtl
