#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>

#include "scheme_case.hpp"

namespace bitmason::rtl {
namespace {

using pack::Method;
using pack::Rule;

constexpr IntRange kUnsigned4{0, 15};
constexpr IntRange kSigned4{-8, 7};
constexpr IntRange kUnsigned8{0, 255};
constexpr IntRange kSigned8{-128, 127};

IntRange narrow(int bits) {
  return IntRange::narrow_bits(bits);
}

/// A choice of signs and magnitudes.
SchemeChoice signs(std::string name, Method method, int kernel, IntRange weight, IntRange activation,
                   int primitive = 1, int lanes = 2, int steps = 5, std::string detail = {}) {
  return {.name = std::move(name),
          .method = method,
          .kernel = kernel,
          .weight = weight,
          .activation = activation,
          .primitive = primitive,
          .rule = Rule::GuardBits,
          .lanes = lanes,
          .steps = steps,
          .most_multipliers = 30,
          .signs = true,
          .detail = std::move(detail)};
}

/// A choice of more than two digits of an operand.
SchemeChoice digits(std::string name, int kernel, IntRange weight, IntRange activation, Rule rule,
                    std::string detail, int primitive = 1, int lanes = 2, int steps = 9) {
  return {.name = std::move(name),
          .method = Method::Split,
          .kernel = kernel,
          .weight = weight,
          .activation = activation,
          .primitive = primitive,
          .rule = rule,
          .lanes = lanes,
          .steps = steps,
          .most_multipliers = 16,
          .detail = std::move(detail)};
}

/// Every method, K = 1, 3 and 5, unsigned, signed and centred activations, both rules, both primitives.
std::vector<SchemeChoice> quick() {
  return {
      {"split_w4a8_k3", Method::Split, 3, narrow(4), kUnsigned8, 1, Rule::Canary, true, 2, 8, 2},
      digits("split_w8a4_k3", 3, narrow(8), kSigned4, Rule::GuardBits, "weights at bit 4", 1, 2, 1),
      {"pieces_w4a4_k5", Method::RowPieces, 5, narrow(4), kUnsigned4, 1, Rule::GuardBits, true, 2, 3},
      {"f23_w8a8", Method::WinogradRow, 3, narrow(8), kUnsigned8},
      {"tile_w4a8", Method::WinogradTile, 3, narrow(4), kUnsigned8, 1, Rule::GuardBits, false, 1, 2},
      {"karatsuba_w4a4", Method::Karatsuba, 3, narrow(4), kUnsigned4, 1, Rule::Canary, true},
      {"strassen_w3a4_e1", Method::Strassen, 1, narrow(3), kUnsigned4, 2, Rule::GuardBits, true, 4, 1},
      digits("digits_w3a8_k5_signed", 5, narrow(3), kSigned8, Rule::GuardBits, "activations at bits", 2, 1,
             3),
      signs("signs_split_w2a8", Method::Split, 1, narrow(2), kUnsigned8),
      signs("signs_f23_w5a8", Method::WinogradRow, 3, narrow(5), kUnsigned8, 1, 3, 3),
  };
}

/// Digits of magnitudes: of activations, of weights and of both, signed and unsigned.
std::vector<SchemeChoice> sign_splits() {
  return {
      signs("w2a6_k1_signed", Method::Split, 1, narrow(2), {-32, 31}, 1, 2, 4, "magnitudes of act"),
      signs("w4a8_k1", Method::Split, 1, narrow(4), kUnsigned8, 1, 5, 1, "magnitudes of act"),
      signs("w7a2_k1_signed_e1", Method::Split, 1, narrow(7), {-2, 1}, 2, 2, 7, "magnitudes of weights"),
      signs("w3a3_k3_e1", Method::Split, 3, narrow(3), {0, 7}, 2, 2, 3, "magnitudes of weights"),
      signs("w5a4_k5_signed_e1", Method::Split, 5, narrow(5), kSigned4, 2, 1, 9, "magnitudes of weights"),
      signs("w5a4_k1_both", Method::Split, 1, narrow(5), kUnsigned4, 1, 1, 6,
            "magnitudes of weights at bit 2, "),
      signs("w7a3_k3_both_signed", Method::Split, 3, narrow(7), {-4, 3}, 1, 1, 2,
            "magnitudes of weights at bit 3, "),
      signs("w3a8_k5_both", Method::Split, 5, narrow(3), kUnsigned8, 1, 1, 4,
            "magnitudes of weights at bit 1, "),
  };
}

/// Rows in pieces and sums of rows and channels as signs and magnitudes.
std::vector<SchemeChoice> sign_sums() {
  return {
      signs("pieces_w4a4_k5", Method::RowPieces, 5, narrow(4), kUnsigned4),
      signs("pieces_w7a1_k5_signed", Method::RowPieces, 5, narrow(7), {-1, 0}, 1, 1, 2),
      signs("pieces_w4a2_k3_e1", Method::RowPieces, 3, narrow(4), {0, 3}, 2, 1, 7),
      signs("karatsuba_w4a3_k3", Method::Karatsuba, 3, narrow(4), {0, 7}, 1, 1, 6),
      signs("karatsuba_w6a8_k3_signed", Method::Karatsuba, 3, narrow(6), kSigned8, 1, 2, 1),
      signs("karatsuba_w5a8_k3_e1", Method::Karatsuba, 3, narrow(5), kUnsigned8, 2, 1, 4),
      signs("strassen_w4a8_k1", Method::Strassen, 1, narrow(4), kUnsigned8, 1, 2, 5),
      signs("strassen_w5a7_k1_signed", Method::Strassen, 1, narrow(5), {-64, 63}, 1, 3, 1),
      signs("strassen_w2a7_k1_e1", Method::Strassen, 1, narrow(2), {0, 127}, 2, 1, 8),
  };
}

/// F(2,3) and F(2x2,3x3) as signs and magnitudes.
std::vector<SchemeChoice> sign_tiles() {
  return {
      signs("f23_w8a6_signed", Method::WinogradRow, 3, narrow(8), {-32, 31}, 1, 3, 1),
      signs("f23_w8a3_e1", Method::WinogradRow, 3, narrow(8), {0, 7}, 2, 1, 8),
      signs("f23_w6a8", Method::WinogradRow, 3, narrow(6), kUnsigned8, 1, 2, 4),
      signs("tile_w7a8_signed", Method::WinogradTile, 3, narrow(7), kSigned8, 1, 1, 3),
      signs("tile_w6a8_e1", Method::WinogradTile, 3, narrow(6), kUnsigned8, 2, 1, 5),
      signs("tile_w8a8_e1_signed", Method::WinogradTile, 3, narrow(8), kSigned8, 2, 1, 1),
  };
}

std::vector<SchemeChoice> splits() {
  return {
      {"w2a8_k1_signed", Method::Split, 1, narrow(2), kSigned8},
      {"w3a8_k1", Method::Split, 1, narrow(3), kUnsigned8, 1, Rule::Canary, true},
      {"w8a2_k1", Method::Split, 1, narrow(8), {0, 3}},
      {"w2a8_k1_e1", Method::Split, 1, narrow(2), kUnsigned8, 2, Rule::Canary, true},
      {"w8a8_k3", Method::Split, 3, narrow(8), kUnsigned8, 1, Rule::GuardBits, true, 4, 1},
      {"w8a4_k3", Method::Split, 3, narrow(8), kUnsigned4, 1, Rule::Canary, true, 3, 11},
      {"w4a8_k3_signed", Method::Split, 3, narrow(4), kSigned8},
      {"w8a2_k5", Method::Split, 5, narrow(8), {0, 3}},
      {"w8a3_k5_signed", Method::Split, 5, narrow(8), {-4, 3}},
  };
}

/// Three digits and more: of unsigned and signed activations, of weights, of both, of magnitudes.
std::vector<SchemeChoice> finer_splits() {
  return {
      digits("w2a8_k5", 5, narrow(2), kUnsigned8, Rule::Canary, "activations at bits", 1, 2, 11),
      digits("w3a8_k1_signed", 1, narrow(3), kSigned8, Rule::GuardBits, "activations at bits", 1, 3, 1),
      digits("w3a8_k5_signed_e1", 5, narrow(3), kSigned8, Rule::GuardBits, "activations at bits", 2, 1, 4),
      digits("odd_m1_6_k3", 3, narrow(4), {-1, 6}, Rule::GuardBits, "weights at bit 2, activations at bits",
             1, 1, 3),
      digits("odd_m2_61_k5", 5, narrow(3), {-2, 61}, Rule::GuardBits, "activations at bits", 1, 1, 3),
      digits("w8a2_k3", 3, narrow(8), {0, 3}, Rule::Canary, "weights at bits", 1, 2, 12),
      digits("w8a3_k1_signed", 1, narrow(8), {-4, 3}, Rule::Canary, "weights at bits", 1, 1, 12),
      digits("w6a6_k5_signed", 5, narrow(6), {-32, 31}, Rule::Canary, "weights at bits", 1, 1, 12),
      digits("w7a5_k3_e1", 3, narrow(7), {0, 31}, Rule::Canary, "weights at bits", 2, 1, 12),
      signs("signs_w3a8_k1", Method::Split, 1, narrow(3), kUnsigned8, 1, 2, 4,
            "magnitudes of activations at bits"),
      signs("signs_w8a3_k1_signed", Method::Split, 1, narrow(8), {-4, 3}, 1, 1, 5,
            "magnitudes of weights at bits"),
      signs("signs_w6a6_k3_e1_signed", Method::Split, 3, narrow(6), {-32, 31}, 2, 1, 3,
            "magnitudes of weights at bits"),
  };
}

std::vector<SchemeChoice> pieces() {
  return {
      {"w4a8_k3", Method::RowPieces, 3, narrow(4), kUnsigned8},
      {"w3a8_k3_signed", Method::RowPieces, 3, narrow(3), kSigned8, 1, Rule::GuardBits, false, 8, 1},
      {"w4a4_k5", Method::RowPieces, 5, narrow(4), kUnsigned4, 1, Rule::Canary, true},
      {"w4a8_k5", Method::RowPieces, 5, narrow(4), kUnsigned8, 1, Rule::Canary, true, 2, 12},
      {"w2a8_k3_e1", Method::RowPieces, 3, narrow(2), kUnsigned8, 2, Rule::GuardBits, false, 4, 2},
  };
}

std::vector<SchemeChoice> winograd() {
  return {
      {"f23_w4a8_signed", Method::WinogradRow, 3, narrow(4), kSigned8},
      {"f23_w4a8", Method::WinogradRow, 3, narrow(4), kUnsigned8, 1, Rule::GuardBits, false, 8, 1},
      {"f23_w3a8_centred", Method::WinogradRow, 3, narrow(3), kUnsigned8, 1, Rule::Canary, true},
      {"tile_w8a8", Method::WinogradTile, 3, narrow(8), kUnsigned8, 1, Rule::Canary, false, 2, 8, 20},
      {"tile_w4a8_signed", Method::WinogradTile, 3, narrow(4), kSigned8, 1, Rule::GuardBits, false, 2, 1},
      {"tile_w3a8_e1", Method::WinogradTile, 3, narrow(3), kSigned8, 2, Rule::GuardBits, false, 2, 3},
  };
}

std::vector<SchemeChoice> karatsuba() {
  return {
      {"w4a4_k3_signed", Method::Karatsuba, 3, narrow(4), kSigned4},
      {"w8a2_k3", Method::Karatsuba, 3, narrow(8), {0, 3}, 1, Rule::Canary, true, 2, 10},
      {"w3a3_k5_signed", Method::Karatsuba, 5, narrow(3), {-4, 3}, 1, Rule::Canary, false, 1, 8, 25},
      {"w3a2_k5", Method::Karatsuba, 5, narrow(3), {0, 3}, 1, Rule::Canary, true, 1, 8},
      {"w2a2_k3_e1", Method::Karatsuba, 3, narrow(2), {-2, 1}, 2, Rule::GuardBits, false, 1, 1},
  };
}

std::vector<SchemeChoice> strassen() {
  return {
      {"w4a4_k1", Method::Strassen, 1, narrow(4), kUnsigned4, 1, Rule::GuardBits, true, 4, 1},
      {"w8a8_k1", Method::Strassen, 1, narrow(8), kUnsigned8},
      {"w3a4_k3_centred", Method::Strassen, 3, narrow(3), kUnsigned4, 1, Rule::Canary, true},
      {"w2a4_k5", Method::Strassen, 5, narrow(2), kUnsigned4, 1, Rule::Canary, true, 2, 9},
      {"w2a4_k1_e1", Method::Strassen, 1, narrow(2), kUnsigned4, 2, Rule::GuardBits, false, 2, 5},
  };
}

/// The array that estimates refer to, 8 lanes and 16 steps with 8 channels and more, for
/// benchmarks/scheme_cost.sh.
std::vector<SchemeChoice> cost() {
  return {
      {"karatsuba_w4a4", Method::Karatsuba, 3, narrow(4), kUnsigned4, 1, Rule::Canary, true, 8, 16, 18, 8},
      {"f23_w8a8", Method::WinogradRow, 3, narrow(8), kUnsigned8, 1, Rule::Canary, false, 8, 16, 18, 8},
      {"tile_w8a8", Method::WinogradTile, 3, narrow(8), kUnsigned8, 1, Rule::Canary, false, 8, 16, 20, 8},
      {"split_w4a8", Method::Split, 3, narrow(4), kUnsigned8, 1, Rule::Canary, true, 8, 16, 2, 8},
      {"pieces_w4a8", Method::RowPieces, 5, narrow(4), kUnsigned8, 1, Rule::Canary, true, 8, 16, 18, 8},
      {"strassen_w8a8", Method::Strassen, 1, narrow(8), kUnsigned8, 1, Rule::Canary, false, 8, 16, 18, 8},
  };
}

std::vector<SchemeChoice> choices(const std::string& set) {
  if (set == "quick") return quick();
  if (set == "cost") return cost();
  if (set == "sign_splits") return sign_splits();
  if (set == "sign_sums") return sign_sums();
  if (set == "sign_tiles") return sign_tiles();
  if (set == "splits") return splits();
  if (set == "finer_splits") return finer_splits();
  if (set == "pieces") return pieces();
  if (set == "winograd") return winograd();
  if (set == "karatsuba") return karatsuba();
  return strassen();
}

bool has_signs(const pack::Scheme& scheme) {
  return std::any_of(scheme.parts.begin(), scheme.parts.end(), [](const pack::Part& part) {
    return part.packing.coding == pack::Coding::SignMagnitude;
  });
}

bool centred(const pack::Scheme& scheme) {
  return std::any_of(scheme.parts.begin(), scheme.parts.end(), [](const pack::Part& part) {
    return part.packing.activation != part.product.activation;
  });
}

class Chooser {
 public:
  SchemeCase chosen(const SchemeChoice& choice) {
    const hw::SchemeShape base{.lanes = choice.lanes, .steps = choice.steps, .primitive = choice.primitive};
    for (pack::Scheme& scheme : solver(choice.primitive)
                                    .all({.weight = choice.weight,
            .activation = choice.activation,
            .kernel = choice.kernel,
            .plain_only = !choice.signs})) {
      if (scheme.method != choice.method || (choice.centred && !centred(scheme))) continue;
      if (scheme.parts[0].packing.rule != choice.rule || has_signs(scheme) != choice.signs) continue;
      if (!scheme.detail.starts_with(choice.detail)) continue;
      hw::SchemeShape shape = base;
      shape.block = pack::full_block(scheme.parts);
      if (pack::multipliers(scheme, shape.block) > choice.most_multipliers) continue;
      while (shape.block.channels < choice.least_channels) shape.block.channels *= 2;
      auto module = hw::scheme_module(scheme, shape, "bm_scheme_" + choice.name);
      if (module) return {choice.name, std::move(scheme), shape, *std::move(module)};
    }
    std::fprintf(stderr, "%s: no scheme is such\n", choice.name.c_str());
    std::exit(1);
  }

 private:
  pack::CellSolver& solver(int primitive) {
    auto& solver = solvers_[primitive];
    if (!solver) {
      solver = std::make_unique<pack::CellSolver>(
          primitive == 1 ? pack::MultiplierPorts{}
                         : pack::MultiplierPorts{.wide_bits = 25, .cycle_constant = false});
    }
    return *solver;
  }
  std::map<int, std::unique_ptr<pack::CellSolver>> solvers_;
};

}  // namespace

std::vector<SchemeCase> scheme_cases(const std::string& set) {
  Chooser chooser;
  std::vector<SchemeCase> cases;
  for (const SchemeChoice& choice : choices(set)) cases.push_back(chooser.chosen(choice));
  return cases;
}

int widest_port(const std::vector<SchemeCase>& cases) {
  int widest = 1;
  for (const SchemeCase& test : cases) {
    for (const hw::Net& net : test.module.module.nets) {
      if (net.name == "activations" || net.name == "weights" || net.name == "outputs")
        widest = std::max(widest, net.width);
    }
  }
  return (widest + 63) / 64 * 64;
}

}  // namespace bitmason::rtl
