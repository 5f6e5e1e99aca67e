#pragma once

#include <string>
#include <vector>

#include "hw/scheme_module.hpp"
#include "pack/cell.hpp"

namespace bitmason::rtl {

/// A scheme of a front, chosen by what it shall show.
struct SchemeChoice {
  std::string name;
  pack::Method method = pack::Method::Direct;
  int kernel = 1;
  IntRange weight{-7, 7};
  IntRange activation{0, 15};
  int primitive = 1;  ///< PRIM: 1 DSP48E2, 2 DSP48E1
  pack::Rule rule = pack::Rule::Canary;
  bool centred = false;  ///< required; where it is not, either may be chosen
  int lanes = 2;
  int steps = 8;
  int most_multipliers = 18;  ///< of one lane and the least block
  int least_channels = 1;
  bool signs = false;  ///< parts of signs and magnitudes, `rule` being G(n, v)
  std::string detail;  ///< beginning of the scheme's own
};

/// The densest scheme of the front that the choice describes and the array executes.
struct SchemeCase {
  std::string name;
  pack::Scheme scheme;
  hw::SchemeShape shape;
  hw::SchemeModule module;
};

/// The cases of a set, in the order of the printed top level; a choice without a scheme is an assertion.
std::vector<SchemeCase> scheme_cases(const std::string& set);

/// Bits of the widest x, w and y of the cases.
int widest_port(const std::vector<SchemeCase>& cases);

}  // namespace bitmason::rtl
