#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "ir/network.hpp"
#include "onnxio/model.hpp"

/// ONNX, QONNX and QCDQ graphs to ir::Network by abstract interpretation: every value of the file is a
/// constant, or a stream, that is integer codes and the exact function that gives their real values.
namespace bitmason::import {

/// What the graph leaves open: its input where no quantiser defines it, and its name.
struct Options {
  std::string input_type;    ///< "uint8", "int4", ...: raw codes enter; empty: a quantiser defines the input
  Rational input_scale = 1;  ///< real value = code * scale + offset
  Rational input_offset = 0;
  std::string file_stem;  ///< the network's name where the graph's own is empty or an exporter's
};

/// What became of a node of the file.
enum class Fate {
  Folded,      ///< computed at import: constants
  Layer,       ///< one or more layers of the network
  Requantise,  ///< a quantiser that became thresholds, or multiplier and shift
  Input,       ///< defines the input stream; runs on the host
  Absorbed,    ///< part of a later requantisation, scale or output; no hardware of its own
  Layout,      ///< renames or reorders elements; no hardware
  HostTail,    ///< runs on the host after the exact integers
  Unused,      ///< no output of the graph depends on it
  Refused
};

std::string_view name_of(Fate fate);

struct NodeReport {
  std::string node;  ///< name in the file, or "Type of output" where it has none
  std::string op_type;
  Fate fate = Fate::Folded;
  std::string text;  ///< one phrase for the reader, may be empty
};

struct Imported {
  ir::Network network;
  std::vector<NodeReport> report;  ///< in file order
};

/// The network with a report for every node, or every finding that prevents it. Semantics are exact rationals
/// of the floats in the file. Errors: BM-IMPORT-*, BM-IR-*.
Result<Imported> import_onnx(const onnxio::Model& model, const Options& options);

}  // namespace bitmason::import
