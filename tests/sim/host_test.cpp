#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "ir/scalar_function.hpp"
#include "sim/engine.hpp"
#include "sim/half_line.hpp"

namespace bitmason::sim {
namespace {

using ir::AffineStep;
using ir::ClampStep;
using ir::CountStep;
using ir::ReluStep;
using ir::RoundStep;
using ir::ScalarFunction;

/// x / scale, clamped and rounded, as a Quant node does it.
ScalarFunction quant(const Rational& scale, std::int64_t lo, std::int64_t hi, Rounding rounding) {
  return {AffineStep{{Rational(1) / scale}, {Rational(0)}}, ClampStep{Rational(lo), Rational(hi)},
          RoundStep{rounding}};
}

/// A network that passes its input through; ports as given.
ir::Network pass_through(const ir::TensorType& type, ir::InputPort in, ir::OutputPort out) {
  ir::NetworkBuilder builder("pass");
  const auto id = builder.add_input("in", type, std::move(in));
  EXPECT_TRUE(id);
  out.layer = id->index;
  EXPECT_TRUE(builder.add_output(std::move(out)));
  auto network = std::move(builder).build();
  EXPECT_TRUE(network);
  return std::move(*network);
}

std::string message_of(const ir::Network& network, const NpyArray& values) {
  const auto codes = quantise_input(network, network.inputs()[0], values);
  return codes ? "fine" : codes.errors().front().message();
}

TEST(QuantiseTest, PixelsOver255BecomeFourBitCodes) {
  // code = min(15, round(x / 17)): 8 / 17 rounds to 0, 9 / 17 to 1, 25 / 17 to 1, 26 / 17 to 2.
  const ScalarFunction function{AffineStep{{Rational(1, 255)}, {Rational(0)}},
                                AffineStep{{Rational(15)}, {Rational(0)}},
                                ClampStep{Rational(0), Rational(15)}, RoundStep{Rounding::HalfEven}};
  const ir::Network network =
      pass_through({{1, 1, 4}, {0, 15}}, {.name = "x", .quantise = function}, {.name = "y"});
  const auto codes = quantise_input(network, network.inputs()[0],
                                    {{2, 1, 1, 4}, NpyType::UInt8, {0, 8, 9, 255, 17, 26, 25, 300}, {}});
  ASSERT_TRUE(codes);
  EXPECT_EQ(*codes, (std::vector<Codes>{{0, 0, 1, 15}, {1, 2, 1, 15}}));
}

TEST(QuantiseTest, MissingBatchDimensionIsOneFrame) {
  const ir::Network network = pass_through({{1, 2, 2}, {0, 255}}, {.name = "x"}, {.name = "y"});
  const auto codes =
      quantise_input(network, network.inputs()[0], {{1, 2, 2}, NpyType::UInt8, {1, 2, 3, 4}, {}});
  ASSERT_TRUE(codes);
  EXPECT_EQ(*codes, (std::vector<Codes>{{1, 2, 3, 4}}));
}

TEST(QuantiseTest, LayoutMapMovesElements) {
  // The file is NHWC: element (h, w, c) of a (1, 1, 2, 2) file goes to channel c.
  const ir::Network network =
      pass_through({{2, 1, 2}, {0, 255}}, {.name = "x", .layout = {{1, 1, 2, 2}, {0, 2, 1, 3}}},
                   {.name = "y", .layer = 0, .layout = {{1, 1, 2, 2}, {0, 2, 1, 3}}});
  const NpyArray values{{1, 1, 2, 2}, NpyType::UInt8, {10, 20, 11, 21}, {}};
  const auto codes = quantise_input(network, network.inputs()[0], values);
  ASSERT_TRUE(codes);
  EXPECT_EQ(*codes, (std::vector<Codes>{{10, 11, 20, 21}}));
  EXPECT_EQ(dequantise_output(network, network.outputs()[0], *codes).integers, values.integers);
}

TEST(QuantiseTest, RefusalsNameElementAndNumbers) {
  const ir::Network plain = pass_through({{1, 1, 2}, {0, 15}}, {.name = "x"}, {.name = "y"});
  EXPECT_EQ(message_of(plain, {{2, 2}, NpyType::UInt8, {0, 0, 0, 0}, {}}),
            "x: the array has shape (2, 2) and the input needs (1, 1, 1, 2), the first dimension of any "
            "size; reshape it "
            "[BM-SIM-001]");
  EXPECT_EQ(message_of(plain, {{1, 1, 1, 2}, NpyType::Float32, {}, {1.0, HUGE_VAL}}),
            "x: element 1 is inf; give finite values only [BM-SIM-002]");
  EXPECT_EQ(
      message_of(plain, {{1, 1, 1, 2}, NpyType::Int8, {3, -1}, {}}),
      "x: element 1 is -1, which quantises to -1 outside the codes [0, 15]; give values within [BM-SIM-003]");
  EXPECT_EQ(
      message_of(plain, {{1, 1, 1, 2}, NpyType::Float32, {}, {0.25, 1}}),
      "x: element 0 is 0.25, which quantises to 1/4, not an integer; give multiples of the input's scale "
      "[BM-SIM-004]");
}

/// Values at, just below and just above every boundary that the function may have.
std::vector<double> touchy_values(const ScalarFunction& function, const IntRange& codes) {
  std::vector<double> values{0.0, -0.0, 1e300, -1e300, 5e-324, -5e-324};
  for (std::int64_t code = codes.lo; code <= codes.hi; ++code) {
    const HalfLine line = preimage_at_least(function, Rational(code), 0);
    const double bound = line.bound.to_double();
    for (const double v : {bound, std::nextafter(bound, -HUGE_VAL), std::nextafter(bound, HUGE_VAL)})
      values.push_back(v);
  }
  std::mt19937_64 random(7);
  for (int i = 0; i < 200; ++i) values.push_back(static_cast<double>(random() % 4001) / 100.0 - 20.0);
  return values;
}

TEST(QuantiseTest, BoundariesGiveTheCodesOfExactRationals) {
  std::vector<ScalarFunction> functions;
  for (const Rounding rounding : {Rounding::HalfEven, Rounding::HalfUp, Rounding::HalfDown, Rounding::Ceil,
                                  Rounding::Floor, Rounding::Up, Rounding::Down}) {
    functions.push_back(quant(Rational(1, 4), -8, 7, rounding));
    functions.push_back(quant(Rational::from_double(0.1), -8, 7, rounding));
    functions.push_back(quant(Rational(-1, 3), -8, 7, rounding));
    functions.push_back({ReluStep{}, AffineStep{{Rational(-7, 5)}, {Rational(3)}}, RoundStep{rounding},
                         ClampStep{Rational(-8), Rational(7)}});
  }
  functions.push_back({CountStep{1, {Rational(-1), Rational(1, 3), Rational(1, 3), Rational(5)}}});
  functions.push_back({AffineStep{{Rational(-1)}, {Rational(0)}}, CountStep{1, {Rational(-1), Rational(0)}}});
  functions.push_back({AffineStep{{Rational(0)}, {Rational(5, 2)}}, RoundStep{Rounding::HalfUp}});
  const IntRange codes{-8, 7};
  for (std::size_t f = 0; f < functions.size(); ++f) {
    const std::vector<double> values = touchy_values(functions[f], codes);
    const auto count = static_cast<int>(values.size());
    const ir::Network network =
        pass_through({{1, 1, count}, codes}, {.name = "x", .quantise = functions[f]}, {.name = "y"});
    const auto quantised =
        quantise_input(network, network.inputs()[0], {{1, 1, 1, count}, NpyType::Float64, {}, values});
    ASSERT_TRUE(quantised);
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(Rational((*quantised)[0][i]), ir::apply(functions[f], Rational::from_double(values[i]), 0))
          << "function " << f << " value " << values[i];
    }
  }
}

TEST(QuantiseTest, ValuesOutsideTheRangeAreNotClampedSilently) {
  const ScalarFunction unclamped{RoundStep{Rounding::HalfEven}};
  const ir::Network network =
      pass_through({{1, 1, 100}, {0, 15}}, {.name = "x", .quantise = unclamped}, {.name = "y"});
  NpyArray values{{1, 1, 1, 100}, NpyType::Float32, {}, std::vector<double>(100, 3.0)};
  EXPECT_EQ(message_of(network, values), "fine");
  values.reals[42] = 15.5;
  EXPECT_EQ(message_of(network, values),
            "x: element 42 is 15.5, which quantises to 16 outside the codes [0, 15]; give values within "
            "[BM-SIM-003]");
  values.reals[42] = -0.75;
  EXPECT_EQ(message_of(network, values),
            "x: element 42 is -0.75, which quantises to -1 outside the codes [0, 15]; give values within "
            "[BM-SIM-003]");
}

TEST(DequantiseTest, ScaleGivesNearestDoublesAndIntegersStayIntegers) {
  const ir::TensorType type{{2, 1, 1}, {-100, 100}};
  const ir::Network tenth = pass_through(
      type, {.name = "x"}, {.name = "y", .dequantise = {AffineStep{{Rational(1, 10)}, {Rational(0)}}}});
  const std::vector<Codes> frames{{1, 3}, {-7, 100}};
  const NpyArray array = dequantise_output(tenth, tenth.outputs()[0], frames);
  EXPECT_EQ(array.type, NpyType::Float32);
  EXPECT_EQ(array.shape, (std::vector<std::int64_t>{2, 2, 1, 1}));
  EXPECT_EQ(array.reals, (std::vector<double>{0.1, 0.3, -0.7, 10.0}));
  const ir::Network twice = pass_through(
      type, {.name = "x"}, {.name = "y", .dequantise = {AffineStep{{Rational(2)}, {Rational(1)}}}});
  const NpyArray integers = dequantise_output(twice, twice.outputs()[0], frames);
  EXPECT_EQ(integers.type, NpyType::Int64);
  EXPECT_EQ(integers.integers, (std::vector<std::int64_t>{3, 7, -13, 201}));
}

TEST(DequantiseTest, NonAffineFunctionsAreEvaluatedExactly) {
  const ir::TensorType type{{2, 1, 2}, {-4, 4}};
  const ScalarFunction function{AffineStep{{Rational(1, 3), Rational(-1, 3)}, {Rational(1, 7)}}, ReluStep{}};
  const ir::Network network = pass_through(type, {.name = "x"}, {.name = "y", .dequantise = function});
  const std::vector<Codes> frames{{-4, 4, -4, 4}};
  EXPECT_EQ(dequantise_output(network, network.outputs()[0], frames).reals,
            (std::vector<double>{0.0, 31.0 / 21.0, 31.0 / 21.0, 0.0}));
}

NpyArray with_tail(std::vector<ir::HostTail> tail, std::vector<std::int64_t> tail_shape, const Codes& frame) {
  const auto count = static_cast<int>(frame.size());
  const ir::Network network = pass_through({{count, 1, 1}, {-100, 100}}, {.name = "x"},
                                           {.name = "y",
                                            .layout = {{1, count}, {}},
                                            .tail = std::move(tail),
                                            .tail_shape = std::move(tail_shape)});
  const std::vector<Codes> frames{frame, frame};
  return dequantise_output(network, network.outputs()[0], frames);
}

TEST(HostTailTest, SoftmaxOfZeroAndLogThree) {
  const NpyArray array = with_tail({ir::SoftmaxTail{-1}}, {1, 3}, {0, 0, 0});
  EXPECT_EQ(array.shape, (std::vector<std::int64_t>{2, 3}));
  for (const double p : array.reals) EXPECT_DOUBLE_EQ(p, 1.0 / 3.0);
  const NpyArray far = with_tail({ir::SoftmaxTail{1}}, {1, 2}, {100, 98});
  EXPECT_NEAR(far.reals[0], 0.880797077977882, 1e-14);
}

TEST(HostTailTest, ArgMaxTakesTheFirstOrLastOfEqualMaxima) {
  const NpyArray first = with_tail({ir::ArgMaxTail{.axis = 1, .keep_dims = false}}, {1}, {3, 7, 7, 1});
  EXPECT_EQ(first.type, NpyType::Int64);
  EXPECT_EQ(first.shape, (std::vector<std::int64_t>{2}));
  EXPECT_EQ(first.integers, (std::vector<std::int64_t>{1, 1}));
  const NpyArray last = with_tail({ir::ArgMaxTail{.axis = -1, .last_index = true}}, {1, 1}, {3, 7, 7, 1});
  EXPECT_EQ(last.integers, (std::vector<std::int64_t>{2, 2}));
}

TEST(HostTailTest, TopOneGivesIndexOrValueOfLargestOrSmallest) {
  EXPECT_EQ(with_tail({ir::TopOneTail{}}, {1, 1}, {3, -7, 7, 1}).integers, (std::vector<std::int64_t>{2, 2}));
  EXPECT_EQ(with_tail({ir::TopOneTail{.largest = false}}, {1, 1}, {3, -7, 7, 1}).integers,
            (std::vector<std::int64_t>{1, 1}));
  EXPECT_EQ(with_tail({ir::TopOneTail{.indices = false}}, {1, 1}, {3, -7, 7, 1}).reals,
            (std::vector<double>{7, 7}));
}

TEST(HostTailTest, SigmoidOfZeroIsHalf) {
  EXPECT_EQ(with_tail({ir::SigmoidTail{}}, {1, 2}, {0, 100}).reals[0], 0.5);
  EXPECT_NEAR(with_tail({ir::SigmoidTail{}}, {1, 2}, {2, 100}).reals[0], 0.8807970779778823, 1e-15);
}

TEST(HalfLineTest, IntegersAreRecognised) {
  EXPECT_FALSE(yields_integers({}));
  EXPECT_TRUE(yields_integers(quant(Rational(1, 3), 0, 15, Rounding::Floor)));
  EXPECT_FALSE(yields_integers({RoundStep{}, AffineStep{{Rational(1, 2)}, {Rational(0)}}}));
  EXPECT_TRUE(yields_integers({RoundStep{}, AffineStep{{Rational(2)}, {Rational(1)}}, ReluStep{}}));
}

}  // namespace
}  // namespace bitmason::sim
