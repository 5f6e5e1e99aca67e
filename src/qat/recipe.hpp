#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "qat/network_spec.hpp"
#include "qat/trainer.hpp"

namespace bitmason::qat {

/// What to train and how: the text form from which a committed network can be made again.
struct Recipe {
  NetworkSpec network;
  TrainSettings training;
  bool operator==(const Recipe&) const = default;
};

/// The settings as they stand in a recipe. Deterministic.
std::string to_json(const TrainSettings& settings);

/// Reads {"network": {...}, "training": {...}}; absent training settings keep their defaults, an unknown one
/// is an error; without a network the recipe gives settings for networks from files. Other top-level keys are
/// notes ("measured", "command"). Errors: BM-QAT-030..033, 020..023.
Result<Recipe> parse_recipe(std::string_view json, std::string_view where);

/// The text that parse_recipe reads back to an equal recipe. Deterministic.
std::string to_json(const Recipe& recipe);

}  // namespace bitmason::qat
