#include "sim/convolution.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace bitmason::sim {

namespace {

constexpr int rounded_up(int value, int unit) {
  return (value + unit - 1) / unit * unit;
}

template <class T>
bool all_fit(const std::vector<std::int32_t>& values) {
  return std::ranges::all_of(values, [](std::int32_t v) {
    return v >= std::numeric_limits<T>::min() && v <= std::numeric_limits<T>::max();
  });
}

}  // namespace

Convolution::Convolution(const ir::Conv& layer, const ir::TensorType& input, bool narrow_output, Isa isa)
    : kernels_(&kernels_of(isa)),
      window_(layer.window),
      groups_(layer.groups),
      group_channels_(layer.weights.in_channels),
      group_outputs_(layer.weights.out_channels / layer.groups) {
  input_.shape = input.shape;
  if (window_.has_padding()) {
    input_.margins = {window_.pad_top, window_.pad_left, window_.pad_bottom, window_.pad_right};
    input_.fill = layer.pad_value;
  }
  // The last block of a group may write past it; the next group then overwrites.
  acc_stride_ = rounded_up(layer.weights.out_channels + (groups_ > 1 ? kBlock : 0), kBlock);
  choose(layer, input, narrow_output);
}

void Convolution::choose(const ir::Conv& layer, const ir::TensorType& input, bool narrow_output) {
  const std::vector<std::int32_t>& weights = layer.weights.values;
  IntRange range = input.range;
  if (window_.has_padding()) range = range.united({layer.pad_value, layer.pad_value});
  input_.storage = storage_for(range);
  largest_ = range.hi - input_.storage.offset;
  const bool bytes = input_.storage.element == Element::U8;
  if (!narrow_output || (!bytes && input_.storage.element != Element::I16) ||
      !all_fit<std::int16_t>(weights)) {
    arithmetic_ = Arithmetic::Wide;
    input_.storage = {Element::I64, 0};
    lay_out_steps(layer);
    biases_ = layer.bias;
    biases_.resize(static_cast<std::size_t>(layer.weights.out_channels), 0);
    return pack_weights(layer);
  }
  if (groups_ > 1 && group_channels_ == 1 && group_outputs_ == 1) {
    arithmetic_ = bytes ? Arithmetic::DepthwiseBytes : Arithmetic::DepthwiseWords;
    lay_out_steps(layer);
    pack_depthwise(layer);
    return pack_corrections(layer, !layer.bias.empty());
  }
  if (bytes && all_fit<std::int8_t>(weights)) {
    arithmetic_ = Arithmetic::Bytes;
    lay_out_steps(layer);
    const auto segments = kernels_->narrow_lane > 0 ? find_segments(layer) : std::nullopt;
    if (segments) segments_ = *segments;
    if (segments || !kernels_->needs_segments) {
      pack_weights(layer);
      return pack_corrections(layer, !layer.bias.empty());
    }
  }
  arithmetic_ = Arithmetic::Words;
  input_.storage.element = Element::I16;
  lay_out_steps(layer);
  pack_weights(layer);
  pack_corrections(layer, !layer.bias.empty());
}

int Convolution::lanes() const {
  switch (arithmetic_) {
    case Arithmetic::Bytes:
      return 4;
    case Arithmetic::Words:
      return 2;
    default:
      return 1;
  }
}

void Convolution::lay_out_steps(const ir::Conv& layer) {
  taps_.clear();
  offsets_.clear();
  const int size = static_cast<int>(size_of(input_.storage.element));
  const int channels = input_.shape.channels;
  const auto row_bytes = static_cast<std::int32_t>(input_.row_elements() * size_of(input_.storage.element));
  // Without groups the channels of a kernel row follow each other in memory, and steps may straddle taps.
  const int run = groups_ == 1 ? layer.weights.kernel_w * channels : group_channels_;
  const int runs = groups_ == 1 ? 1 : layer.weights.kernel_w;
  for (int ky = 0; ky < layer.weights.kernel_h; ++ky) {
    for (int r = 0; r < runs; ++r) {
      for (int first = 0; first < run; first += lanes()) {
        offsets_.push_back(ky * row_bytes + (r * channels + first) * size);
        for (int lane = first; lane < first + lanes(); ++lane) {
          const Tap tap = groups_ == 1 ? Tap{lane % channels, ky, lane / channels} : Tap{lane, ky, r};
          taps_.push_back(lane < run ? tap : Tap{});
        }
      }
    }
  }
}

std::int32_t Convolution::weight(const ir::Conv& layer, int output, const Tap& tap) const {
  if (tap.channel < 0) return 0;
  return layer.weights.at(output, tap.channel, tap.ky, tap.kx);
}

std::optional<std::vector<std::int32_t>> Convolution::find_segments(const ir::Conv& layer) const {
  const int lane_width = kernels_->narrow_lane;
  const std::size_t sums_per_output = static_cast<std::size_t>(4 / lane_width);
  const auto outputs = static_cast<std::size_t>(layer.weights.out_channels);
  std::vector<IntRange> sums(outputs * sums_per_output);
  std::vector<std::int32_t> ends;
  const auto fits = [](const IntRange& sum) { return IntRange::signed_bits(16).contains(sum); };
  for (std::size_t step = 0; step < offsets_.size(); ++step) {
    std::vector<IntRange> added(sums.size());
    for (std::size_t o = 0; o < outputs; ++o) {
      for (std::size_t lane = 0; lane < 4; ++lane) {
        const std::int64_t w = weight(layer, static_cast<int>(o), taps_[step * 4 + lane]);
        IntRange& sum = added[o * sums_per_output + lane / static_cast<std::size_t>(lane_width)];
        sum =
            sum + IntRange{std::min<std::int64_t>(w, 0) * largest_, std::max<std::int64_t>(w, 0) * largest_};
      }
    }
    if (!std::ranges::all_of(added, fits)) return std::nullopt;
    bool whole = true;
    for (std::size_t i = 0; i < sums.size(); ++i) whole = whole && fits(sums[i] + added[i]);
    if (!whole) {
      ends.push_back(static_cast<std::int32_t>(step));
      sums = added;
    } else {
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = sums[i] + added[i];
    }
  }
  ends.push_back(static_cast<std::int32_t>(offsets_.size()));
  return ends;
}

void Convolution::pack_weights(const ir::Conv& layer) {
  const auto steps = static_cast<int>(offsets_.size());
  const int blocks = rounded_up(group_outputs_, kBlock) / kBlock;
  const bool wide = arithmetic_ == Arithmetic::Wide;
  const bool planar = wide || kernels_->layout == WeightLayout::Planar;
  const std::size_t size = wide ? 4 : planar || arithmetic_ == Arithmetic::Words ? 2 : 1;
  group_weight_bytes_ = static_cast<std::size_t>(blocks * steps * lanes() * kBlock) * size;
  weights_ = AlignedBytes(group_weight_bytes_ * static_cast<std::size_t>(groups_));
  std::byte* to = weights_.data();
  for (int group = 0; group < groups_; ++group) {
    for (int first = 0; first < blocks * kBlock; first += kBlock) {
      for (int step = 0; step < steps; ++step) {
        for (int i = 0; i < kBlock * lanes(); ++i, to += size) {
          const int lane = planar ? i / kBlock : i % lanes();
          const int output = first + (planar ? i % kBlock : i / lanes());
          if (output >= group_outputs_) continue;  // stays zero
          const std::int32_t value = weight(layer, group * group_outputs_ + output,
                                            taps_[static_cast<std::size_t>(step * lanes() + lane)]);
          std::memcpy(to, &value, size);  // the low bytes of a little-endian number that fits
        }
      }
    }
  }
}

void Convolution::pack_depthwise(const ir::Conv& layer) {
  const auto padded = static_cast<std::size_t>(rounded_up(groups_, kBlock));
  weights_ = AlignedBytes(taps_.size() * padded * sizeof(std::int16_t));
  auto* to = reinterpret_cast<std::int16_t*>(weights_.data());
  bool narrow = input_.storage.element == Element::U8;
  for (int c = 0; c < groups_; ++c) {
    IntRange sum;
    for (std::size_t t = 0; t < taps_.size(); ++t) {
      const std::int32_t w = weight(layer, c, taps_[t]);
      to[t * padded + static_cast<std::size_t>(c)] = static_cast<std::int16_t>(w);
      sum = sum + IntRange{std::min<std::int64_t>(w, 0) * largest_, std::max<std::int64_t>(w, 0) * largest_};
    }
    narrow = narrow && IntRange::signed_bits(16).contains(sum);
  }
  if (narrow) segments_ = {static_cast<std::int32_t>(taps_.size())};
}

void Convolution::pack_corrections(const ir::Conv& layer, bool has_bias) {
  const bool depthwise = arithmetic_ >= Arithmetic::DepthwiseBytes;
  const int per_group = depthwise ? 1 : rounded_up(group_outputs_, kBlock);
  corrections_.assign(static_cast<std::size_t>(rounded_up(per_group * groups_, kBlock)), 0);
  const std::size_t per_output =
      layer.weights.values.size() / static_cast<std::size_t>(layer.weights.out_channels);
  for (int o = 0; o < layer.weights.out_channels; ++o) {
    const auto at = static_cast<std::size_t>(o);
    std::uint64_t sum = has_bias ? static_cast<std::uint64_t>(layer.bias[at]) : 0;
    for (std::size_t k = 0; k < per_output; ++k) {
      sum += static_cast<std::uint64_t>(input_.storage.offset) *
             static_cast<std::uint64_t>(std::int64_t{layer.weights.values[at * per_output + k]});
    }
    corrections_[static_cast<std::size_t>(o / group_outputs_ * per_group + o % group_outputs_)] =
        static_cast<std::int32_t>(sum);  // exact modulo 2^32
  }
}

void Convolution::run(const State& state, int slot, int y, const AccRow<std::int32_t>& row) const {
  assert(narrow() && row.stride == acc_stride_);
  const std::byte* window = state.row(slot, y * window_.stride_h - window_.pad_top);
  const std::size_t size = size_of(input_.storage.element);
  const auto pixel_bytes =
      static_cast<std::ptrdiff_t>(static_cast<std::size_t>(input_.shape.channels) * size);
  window -= pixel_bytes * window_.pad_left;
  const std::ptrdiff_t pixel_stride = pixel_bytes * window_.stride_w;
  if (arithmetic_ >= Arithmetic::DepthwiseBytes) {
    const DepthwiseRow args{.input = window,
                            .pixel_stride = pixel_stride,
                            .pixels = row.pixels,
                            .offsets = offsets_.data(),
                            .taps = static_cast<int>(offsets_.size()),
                            .channels = row.channels,
                            .weights = reinterpret_cast<const std::int16_t*>(weights_.data()),
                            .narrow = !segments_.empty(),
                            .correction = corrections_.data(),
                            .acc = row.data,
                            .acc_stride = row.stride};
    return (arithmetic_ == Arithmetic::DepthwiseBytes ? kernels_->depthwise8 : kernels_->depthwise16)(args);
  }
  const int blocks = rounded_up(group_outputs_, kBlock) / kBlock;
  for (int group = 0; group < groups_; ++group) {
    const DotRow args{.input = window + group * group_channels_ * static_cast<std::ptrdiff_t>(size),
                      .pixel_stride = pixel_stride,
                      .pixels = row.pixels,
                      .offsets = offsets_.data(),
                      .steps = static_cast<int>(offsets_.size()),
                      .segment_ends = segments_.data(),
                      .segments = static_cast<int>(segments_.size()),
                      .weights = weights_.data() + static_cast<std::size_t>(group) * group_weight_bytes_,
                      .blocks = blocks,
                      .correction = corrections_.data() + group * blocks * kBlock,
                      .acc = row.data + group * group_outputs_,
                      .acc_stride = row.stride};
    (arithmetic_ == Arithmetic::Bytes ? kernels_->dot8 : kernels_->dot16)(args);
  }
}

void Convolution::run(const State& state, int slot, int y, const AccRow<std::int64_t>& row) const {
  assert(!narrow());
  const std::byte* first = state.row(slot, y * window_.stride_h - window_.pad_top);
  const std::ptrdiff_t pixel_bytes = std::ptrdiff_t{input_.shape.channels} * 8;
  for (int p = 0; p < row.pixels; ++p) {
    const std::byte* window = first + pixel_bytes * (p * window_.stride_w - window_.pad_left);
    for (int o = 0; o < row.channels; ++o) {
      const int group = o / group_outputs_;
      const int within = o % group_outputs_;
      const auto* weights = reinterpret_cast<const std::int32_t*>(
                                weights_.data() + static_cast<std::size_t>(group) * group_weight_bytes_) +
                            static_cast<std::ptrdiff_t>(within / kBlock) * kBlock *
                                static_cast<std::ptrdiff_t>(offsets_.size()) +
                            within % kBlock;
      auto sum = static_cast<std::uint64_t>(biases_[static_cast<std::size_t>(o)]);
      for (std::size_t step = 0; step < offsets_.size(); ++step) {
        std::int64_t activation = 0;
        std::memcpy(&activation, window + group * group_channels_ * 8 + offsets_[step], sizeof activation);
        sum += static_cast<std::uint64_t>(activation) *
               static_cast<std::uint64_t>(std::int64_t{weights[static_cast<std::ptrdiff_t>(step) * kBlock]});
      }
      row.data[p * row.stride + o] = static_cast<std::int64_t>(sum);
    }
  }
}

}  // namespace bitmason::sim
