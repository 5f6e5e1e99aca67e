#include "qat/recipe.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "base/json_internal.hpp"
#include "qat/diagnostics.hpp"

namespace bitmason::qat {
namespace {

using Json = nlohmann::ordered_json;

/// One object of the recipe; takes known members out of it and reports what is wrong or left.
class Section {
 public:
  Section(const Json& json, std::string where, Diagnostics& errors)
      : json_(json), where_(std::move(where)), errors_(errors) {
    if (!json_.is_object()) wrong(where_, json_, "an object");
  }

  /// Nothing where the member is absent.
  const Json* find(const std::string& key) {
    known_.insert(key);
    const auto found = json_.is_object() ? json_.find(key) : json_.end();
    return json_.is_object() && found != json_.end() ? &*found : nullptr;
  }
  const Json* require(const std::string& key) {
    const auto* member = find(key);
    if (member == nullptr && json_.is_object())
      errors_.push_back(make_diagnostic(diagnostics::kRecipeKey, where_, {path(key)}));
    return member;
  }
  template <class Integer>
  void integer(const std::string& key, Integer& value) {
    const auto* member = find(key);
    if (member == nullptr) return;
    constexpr auto kLo = static_cast<std::int64_t>(std::numeric_limits<int>::min());
    const bool fits = member->is_number_unsigned() ||
                      (member->is_number_integer() && member->template get<std::int64_t>() >= kLo);
    if (!fits ||
        (sizeof(Integer) == 4 && member->template get<std::int64_t>() > std::numeric_limits<int>::max()))
      return wrong(path(key), *member, "an integer");
    value = member->template get<Integer>();
  }
  void real(const std::string& key, double& value) {
    if (const auto* member = find(key); member != nullptr)
      member->is_number() ? void(value = member->get<double>()) : wrong(path(key), *member, "a number");
  }
  void boolean(const std::string& key, bool& value) {
    if (const auto* member = find(key); member != nullptr)
      member->is_boolean() ? void(value = member->get<bool>()) : wrong(path(key), *member, "true or false");
  }
  void text(const std::string& key, std::string& value, std::initializer_list<const char*> choices) {
    const auto* member = find(key);
    if (member == nullptr) return;
    for (const char* choice : choices) {
      if (member->is_string() && *member == choice) return void(value = choice);
    }
    wrong(path(key), *member, fmt::format("{}", fmt::join(choices, " or ")).c_str());
  }
  void refuse_rest() {
    if (!json_.is_object()) return;
    for (const auto& [key, value] : json_.items()) {
      if (!known_.contains(key))
        errors_.push_back(make_diagnostic(diagnostics::kRecipeUnknown, where_, {path(key)}));
    }
  }
  void wrong(const std::string& at, const Json& value, const char* needed) {
    errors_.push_back(make_diagnostic(diagnostics::kRecipeType, at, {json_text(value), needed}));
  }
  [[nodiscard]] std::string path(const std::string& key) const {
    return where_.empty() ? key : where_ + "." + key;
  }

 private:
  const Json& json_;
  std::string where_;
  Diagnostics& errors_;
  std::set<std::string> known_;
};

void read_layer(const Json& json, const std::string& where, Diagnostics& errors,
                std::vector<LayerSpec>& layers) {
  Section layer(json, where, errors);
  if (const auto* member = layer.find("conv"); member != nullptr) {
    ConvSpec conv;
    Section fields(*member, layer.path("conv"), errors);
    fields.integer("channels", conv.channels);
    fields.integer("kernel", conv.kernel);
    fields.integer("weight_bits", conv.weight_bits);
    fields.integer("activation_bits", conv.activation_bits);
    fields.refuse_rest();
    layers.emplace_back(conv);
  }
  if (const auto* member = layer.find("max_pool"); member != nullptr) {
    Section(*member, layer.path("max_pool"), errors).refuse_rest();
    layers.emplace_back(MaxPoolSpec{});
  }
  if (const auto* member = layer.find("dense"); member != nullptr) {
    DenseSpec dense;
    Section fields(*member, layer.path("dense"), errors);
    fields.integer("classes", dense.classes);
    fields.integer("weight_bits", dense.weight_bits);
    fields.refuse_rest();
    layers.emplace_back(dense);
  }
  layer.refuse_rest();
  if (json.is_object() && json.size() != 1) layer.wrong(where, json, "one of conv, max_pool, dense");
}

NetworkSpec read_network(const Json& json, Diagnostics& errors) {
  NetworkSpec spec;
  Section network(json, "network", errors);
  if (const auto* name = network.require("name"); name != nullptr)
    name->is_string() ? void(spec.name = name->get<std::string>())
                      : network.wrong("network.name", *name, "a string");
  if (const auto* input = network.require("input"); input != nullptr) {
    Section shape(*input, "network.input", errors);
    shape.integer("channels", spec.input.channels);
    shape.integer("height", spec.input.height);
    shape.integer("width", spec.input.width);
    shape.refuse_rest();
  }
  if (const auto* layers = network.require("layers"); layers != nullptr) {
    if (!layers->is_array()) network.wrong("network.layers", *layers, "an array");
    for (std::size_t i = 0; layers->is_array() && i < layers->size(); ++i)
      read_layer((*layers)[i], fmt::format("network.layers[{}]", i), errors, spec.layers);
  }
  network.refuse_rest();
  return spec;
}

TrainSettings read_training(const Json& json, Diagnostics& errors) {
  TrainSettings settings;
  Section training(json, "training", errors);
  training.integer("epochs", settings.epochs);
  training.integer("batch", settings.batch);
  training.real("learning_rate", settings.learning_rate);
  std::string method = "adam";
  training.text("optimiser", method, {"adam", "sgd"});
  settings.optimiser.method = method == "sgd" ? Method::Sgd : Method::Adam;
  training.real("momentum", settings.optimiser.momentum);
  training.real("weight_decay", settings.optimiser.weight_decay);
  training.integer("seed", settings.seed);
  training.integer("threads", settings.threads);
  training.boolean("flip", settings.flip);
  training.integer("max_shift", settings.max_shift);
  training.real("distillation", settings.distillation.share);
  training.real("temperature", settings.distillation.temperature);
  training.refuse_rest();
  return settings;
}

Json json_of(const LayerSpec& layer) {
  if (const auto* conv = std::get_if<ConvSpec>(&layer))
    return {{"conv",
             {{"channels", conv->channels},
              {"kernel", conv->kernel},
              {"weight_bits", conv->weight_bits},
              {"activation_bits", conv->activation_bits}}}};
  if (const auto* dense = std::get_if<DenseSpec>(&layer))
    return {{"dense", {{"classes", dense->classes}, {"weight_bits", dense->weight_bits}}}};
  return {{"max_pool", Json::object()}};
}

}  // namespace

Result<Recipe> parse_recipe(std::string_view json, std::string_view where) {
  Json root;
  try {
    root = Json::parse(json);
  } catch (const Json::parse_error& error) {
    return make_diagnostic(diagnostics::kRecipeSyntax, where, {fmt::format("byte {}", error.byte)});
  }
  Diagnostics errors;
  Recipe recipe;
  Section top(root, "", errors);
  const auto* network = top.find("network");
  if (network != nullptr) recipe.network = read_network(*network, errors);
  if (const auto* training = top.find("training"); training != nullptr)
    recipe.training = read_training(*training, errors);
  if (!errors.empty()) return errors;
  if (network != nullptr) {
    if (const auto shapes = output_shapes(recipe.network); !shapes) return shapes.errors();
  }
  if (const auto status = check_settings(recipe.training); !status) return status.errors();
  return recipe;
}

std::string to_json(const Recipe& recipe) {
  Json root = Json::object();
  if (!recipe.network.layers.empty()) {
    Json layers = Json::array();
    for (const auto& layer : recipe.network.layers) layers.push_back(json_of(layer));
    const auto& input = recipe.network.input;
    root["network"] = {
        {"name", recipe.network.name},
        {"input", {{"channels", input.channels}, {"height", input.height}, {"width", input.width}}},
        {"layers", layers}};
  }
  root["training"] = Json::parse(to_json(recipe.training));
  return json_text(root, 2) + "\n";
}

}  // namespace bitmason::qat
