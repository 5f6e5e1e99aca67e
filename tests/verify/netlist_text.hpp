#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "verify/netlist.hpp"

/// Netlists in Yosys' JSON, written by hand.
namespace bitmason::verify::text {

/// `pins` is JSON such as "I0": [2], "O": [3]; outputs are named separately.
inline std::string cell(const std::string& name, const std::string& type, const std::string& pins,
                        const std::vector<std::string>& outputs, const std::string& parameters = "") {
  std::string directions;
  for (const std::string& pin : outputs) {
    directions += (directions.empty() ? "\"" : ", \"") + pin + "\": \"output\"";
  }
  return "\"" + name + "\": {\"hide_name\": 0, \"type\": \"" + type + "\", \"parameters\": {" + parameters +
         "}, \"port_directions\": {" + directions + "}, \"connections\": {" + pins + "}}";
}

inline Netlist netlist(const std::vector<std::string>& cells, const std::string& ports = "",
                       const std::string& nets = "") {
  std::string text = R"({"modules": {"m": {"ports": {)" + ports + R"(}, "cells": {)";
  for (std::size_t k = 0; k < cells.size(); ++k) text += (k == 0 ? "" : ", ") + cells[k];
  text += R"(}, "netnames": {)" + nets + "}}}}";
  auto parsed = parse_netlist(text, "hand", "m");
  EXPECT_TRUE(parsed.ok()) << to_text(parsed.errors());
  return *std::move(parsed);
}

inline std::string flip_flop(const std::string& name, int d, int q) {
  return cell(name, "FDRE",
              "\"C\": [1], \"D\": [" + std::to_string(d) + "], \"Q\": [" + std::to_string(q) + "]", {"Q"});
}

inline std::string lut(const std::string& name, int in, int out) {
  return cell(name, "LUT1", "\"I0\": [" + std::to_string(in) + "], \"O\": [" + std::to_string(out) + "]",
              {"O"});
}

}  // namespace bitmason::verify::text
