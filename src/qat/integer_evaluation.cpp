#include "qat/integer_evaluation.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <span>

#include "ir/scalar_function.hpp"
#include "qat/torch_threads.hpp"

namespace bitmason::qat {
namespace {

constexpr std::size_t kBatch = 250;

/// Code -> code of one convolution block after its sums, as a function of the accumulator.
ir::ScalarFunction requantisation(const TrainedConv& conv, double input_scale) {
  ir::AffineStep affine;
  const auto step = Rational::from_double(conv.activation_scale);
  for (std::size_t c = 0; c < conv.norm.gain.size(); ++c) {
    const auto spread =
        (Rational::from_double(conv.norm.variance[c]) + Rational::from_double(kBatchNormEpsilon))
            .square_root();
    const auto gain = Rational::from_double(conv.norm.gain[c]) / spread / step;
    const auto scale = Rational::from_double(conv.weights.scales[c]) * Rational::from_double(input_scale);
    affine.scale.push_back(gain * scale);
    affine.offset.push_back(Rational::from_double(conv.norm.offset[c]) / step -
                            gain * Rational::from_double(conv.norm.mean[c]));
  }
  const std::int64_t hi = (std::int64_t{1} << conv.activation_bits) - 1;
  return {affine, ir::ClampStep{0, hi}, ir::RoundStep{Rounding::HalfEven}};
}

/// What evaluates one layer on codes of shape (N, C, H, W).
struct Prepared {
  at::ScalarType type = at::kFloat;  ///< holds every sum of the layer exactly
  at::Tensor weights;                ///< (outputs, inputs * taps)
  std::int64_t kernel = 0;           ///< 0: max pool
  at::Tensor bias;                   ///< of a dense layer
  ir::Thresholds steps;              ///< of a convolution
};

at::Tensor weight_matrix(const QuantisedWeights& weights, at::ScalarType type) {
  return at::tensor(weights.codes, at::kInt).to(type).reshape({weights.shape[0], -1});
}

/// Narrowest type whose integers reach beyond the range on both sides.
at::ScalarType exact_type(const IntRange& range) {
  constexpr std::int64_t kFloatIntegers = std::int64_t{1} << 24;
  return IntRange{1 - kFloatIntegers, kFloatIntegers - 1}.contains(range) ? at::kFloat : at::kDouble;
}

/// Codes that enter lie in 0 .. input_hi, so the sum of the larger side of each row bounds every accumulator.
IntRange accumulator_range(const QuantisedWeights& weights, std::int64_t input_hi) {
  const auto rows = static_cast<std::size_t>(weights.shape[0]);
  const auto columns = weights.codes.size() / rows;
  IntRange range;
  for (std::size_t row = 0; row < rows; ++row) {
    IntRange sum;
    for (std::size_t i = 0; i < columns; ++i) {
      const std::int64_t code = weights.codes[row * columns + i];
      (code < 0 ? sum.lo : sum.hi) += code * input_hi;
    }
    range = range.united(sum);
  }
  return range;
}

Prepared prepare_conv(const TrainedConv& conv, double input_scale, std::int64_t input_hi) {
  const auto sums = accumulator_range(conv.weights, input_hi);
  return {.type = exact_type(sums),
          .weights = weight_matrix(conv.weights, exact_type(sums)),
          .kernel = conv.weights.shape[2],
          .steps = ir::to_thresholds(requantisation(conv, input_scale), sums,
                                     IntRange::unsigned_bits(conv.activation_bits),
                                     static_cast<int>(conv.weights.shape[0]))};
}

Prepared prepare_dense(const TrainedDense& dense) {
  return {.type = at::kDouble,
          .weights = weight_matrix(dense.weights, at::kDouble),
          .kernel = 1,
          .bias = at::tensor(dense.bias, at::kInt).to(at::kDouble)};
}

std::vector<Prepared> prepare(const TrainedNetwork& network) {
  std::vector<Prepared> layers;
  double scale = 1;
  std::int64_t hi = 255;
  for (const auto& layer : network.layers) {
    if (const auto* conv = std::get_if<TrainedConv>(&layer)) {
      layers.push_back(prepare_conv(*conv, scale, hi));
      scale = conv->activation_scale;
      hi = (std::int64_t{1} << conv->activation_bits) - 1;
    } else if (const auto* dense = std::get_if<TrainedDense>(&layer)) {
      layers.push_back(prepare_dense(*dense));
    } else {
      layers.push_back({});
    }
  }
  return layers;
}

/// Replaces the sums of one channel and frame by codes.
template <class Real>
void requantise_plane(std::span<Real> plane, const ir::Thresholds& steps, int row,
                      std::vector<Real>& passed) {
  passed.assign(plane.size(), 0);
  for (const auto threshold : steps.row(row)) {
    const auto limit = static_cast<Real>(threshold);
    for (std::size_t i = 0; i < plane.size(); ++i) passed[i] += plane[i] >= limit ? Real{1} : Real{0};
  }
  const bool falls = steps.decreasing[static_cast<std::size_t>(row)] != 0;
  const auto base = static_cast<Real>(falls ? steps.output.hi : steps.output.lo);
  for (std::size_t i = 0; i < plane.size(); ++i) plane[i] = falls ? base - passed[i] : base + passed[i];
}

template <class Real>
void requantise(const at::Tensor& sums, const ir::Thresholds& steps) {
  const auto size = static_cast<std::size_t>(sums.size(2) * sums.size(3));
  std::vector<Real> passed;
  auto* data = sums.data_ptr<Real>();
  for (std::int64_t plane = 0; plane < sums.size(0) * sums.size(1); ++plane, data += size) {
    const auto channel = static_cast<int>(plane % sums.size(1));
    requantise_plane(std::span(data, size), steps, steps.rows == 1 ? 0 : channel, passed);
  }
}

at::Tensor apply(const Prepared& layer, const at::Tensor& codes) {
  if (layer.kernel == 0) return at::max_pool2d(codes, 2);
  const auto x = codes.to(layer.type);
  if (layer.bias.defined()) return x.flatten(1).matmul(layer.weights.t()) + layer.bias;
  // Windows as columns and one matrix product: no algorithm that trades multiplications for rounding.
  const auto pad = layer.kernel / 2;
  const auto columns = at::im2col(x, {layer.kernel, layer.kernel}, {1, 1}, {pad, pad}, {1, 1});
  const auto sums = layer.weights.matmul(columns).reshape({x.size(0), -1, x.size(2), x.size(3)}).contiguous();
  layer.type == at::kFloat ? requantise<float>(sums, layer.steps) : requantise<double>(sums, layer.steps);
  return sums;
}

at::Tensor batch_of(const data::ImageSet& images, std::size_t first, std::size_t count) {
  const auto part = images.slice(first, count);
  const auto& shape = images.shape;
  return at::tensor(at::ArrayRef<std::uint8_t>(part.pixels), at::kByte)
      .reshape({static_cast<std::int64_t>(count), shape.channels, shape.height, shape.width})
      .to(at::kFloat);
}

}  // namespace

std::vector<std::int64_t> logit_codes(const TrainedNetwork& network, const data::ImageSet& images,
                                      int threads) {
  set_threads(threads);
  const at::NoGradGuard no_gradients;
  const auto layers = prepare(network);
  std::vector<std::int64_t> codes;
  for (std::size_t first = 0; first < images.count(); first += kBatch) {
    auto x = batch_of(images, first, std::min(kBatch, images.count() - first));
    for (const auto& layer : layers) x = apply(layer, x);
    const auto logits = x.to(at::kLong).contiguous();
    codes.insert(codes.end(), logits.data_ptr<std::int64_t>(),
                 logits.data_ptr<std::int64_t>() + logits.numel());
  }
  return codes;
}

std::vector<int> predicted_classes(const std::vector<std::int64_t>& logits, int classes) {
  std::vector<int> best;
  for (auto row = logits.begin(); row != logits.end(); row += classes)
    best.push_back(static_cast<int>(std::max_element(row, row + classes) - row));
  return best;
}

double accuracy(const TrainedNetwork& network, const data::ImageSet& images, int threads) {
  const auto best = predicted_classes(logit_codes(network, images, threads), classes_of(spec_of(network)));
  std::size_t right = 0;
  for (std::size_t i = 0; i < images.count(); ++i) right += best[i] == images.labels[i] ? 1U : 0U;
  return static_cast<double>(right) / static_cast<double>(std::max<std::size_t>(1, images.count()));
}

}  // namespace bitmason::qat
