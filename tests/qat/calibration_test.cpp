#include "qat/calibration.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graph/initialise.hpp"
#include "graph/read.hpp"
#include "graph/write.hpp"
#include "import/import.hpp"
#include "qat/agreement.hpp"
#include "qat/images.hpp"
#include "qat/integer_evaluation.hpp"
#include "qat/torch_images_internal.hpp"
#include "qat/torch_least_error_internal.hpp"
#include "qat/torch_model_internal.hpp"
#include "support/zoo_models.hpp"

namespace bitmason::qat {
namespace {

graph::Graph float_mobilenet() {
  const auto graph =
      graph::read(test::zoo_model({test::small_mobilenet(), {{4, 4, 4, 4, 4, 4}, {8, 4, 4, 4, 4, 4}}}));
  return graph::without_quantisers(*graph);
}

graph::PlaceOptions bits(const graph::Graph& graph, int weights, int activations) {
  return {.bits =
              *graph::bits_for({.weights = {weights}, .activations = {activations}}, graph::bits_of(graph))};
}

/// Noise of the float network's outputs that quantisation leaves, in standard deviations of these.
double relative_error(const graph::Graph& graph, const graph::Graph& quantised,
                      const data::ImageSet& images) {
  const at::NoGradGuard no_gradients;
  const auto real = TorchModel(graph).forward(pixels_of(images, 0, images.count()), {.quantised = false});
  const auto evaluation = evaluate(quantised, images, {});
  EXPECT_TRUE(evaluation.ok());
  const auto codes = at::tensor(evaluation->output, at::kLong).to(at::kDouble) * evaluation->units[0];
  const auto wanted = real.flatten().to(at::kDouble);
  return ((codes - wanted).square().mean() / wanted.var()).sqrt().item<double>();
}

TEST(Calibration, ErrorFallsWithBitsAndIsBelowFivePercentInEight) {
  const auto graph = float_mobilenet();
  const auto images = noise(graph.input, 64, 10);
  double before = 10;
  for (const int width : {2, 4, 8}) {
    const auto quantised = quantise(graph, images, {.place = bits(graph, width, width)});
    ASSERT_TRUE(quantised.ok()) << to_text(quantised.errors());
    const double error = relative_error(graph, *quantised, images);
    EXPECT_LT(error, before) << width << " bits";
    before = error;
  }
  EXPECT_LT(before, 0.05);
}

TEST(Calibration, ExportedNetworksOf1To4BitsInBothRangesAgreeWithTheSimulator) {
  const auto graph = float_mobilenet();
  const auto images = noise(graph.input, 200, 10);
  for (const int width : {1, 2, 4}) {
    for (const bool plain : {true, false}) {
      auto place = bits(graph, width, 5);
      place.narrow = plain;
      place.per_channel = plain;
      const auto quantised = quantise(graph, images, {.place = place, .images = 100});
      ASSERT_TRUE(quantised.ok());
      const auto imported = import::import_onnx(graph::to_onnx(*quantised), {});
      ASSERT_TRUE(imported.ok()) << to_text(imported.errors());
      const auto own = evaluate(*quantised, images, {});
      const auto simulated = simulated_codes(*quantised, imported->network, images, 1);
      EXPECT_EQ(compare_codes(own->output, simulated, 10).different, 0U) << width << " bits";
    }
  }
}

TEST(Calibration, NoImagesAreRefused) {
  const auto graph = float_mobilenet();
  EXPECT_EQ(to_text(quantise(graph, noise(graph.input, 0, 10), {.place = bits(graph, 4, 4)}).errors()),
            "small MobileNet: 0 images are given and at least 1 is needed to find ranges; give more "
            "[BM-QAT-028]\n");
}

TEST(LeastError, OneOutlierInAThousandIsClipped) {
  // 999 values spread over 0 .. 1 and one of 10. Clipped at c, the mean square error is about
  // (c / 15)^2 / 12 + (10 - c)^2 / 1000, which is least at c = 7.3.
  auto x = at::arange(1000, at::kFloat).div(999).reshape({1, 1000});
  x[0][999] = 10;
  const auto range = IntRange::unsigned_bits(4);
  const double scale = least_error_scales(x, range).item<double>();
  EXPECT_NEAR(scale * 15, 7.3, 0.6);
}

TEST(LeastError, PowersOfTwoAndBipolarMeans) {
  const auto x = at::tensor({-3.0F, 1.0F, 2.0F, 3.0F}).reshape({1, 4});
  EXPECT_EQ(least_error_power_of_two(x, {.bits = 3}).item<float>(), 1) << "codes -3, 1, 2, 3 without error";
  EXPECT_EQ(least_error_bipolar(x).item<float>(), 2.25F);
}

}  // namespace
}  // namespace bitmason::qat
