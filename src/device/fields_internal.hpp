#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "device/device.hpp"

/// The fields of the device files: one table for primitives, one for parts. Loader and checker walk these
/// tables, so a new field is one line here and one in device.hpp.
namespace bitmason::device {

using Json = nlohmann::json;

enum class FieldType { Text, Flag, Integer, Number };

/// How one field of `Entry` is named, bounded and stored. `set` receives a value of the type within the
/// bounds.
template <class Entry>
struct FieldRule {
  std::string_view name;
  FieldType type = FieldType::Text;
  std::int64_t lo = 0;
  std::int64_t hi = 0;
  void (*set)(Entry&, const Json&) = nullptr;
};

/// Fields beside `name`, in the order of the files.
template <class Entry>
const std::vector<FieldRule<Entry>>& field_rules();
template <>
const std::vector<FieldRule<Primitive>>& field_rules();
template <>
const std::vector<FieldRule<Part>>& field_rules();

/// "a, b, c"
template <class Entry>
std::string field_names() {
  std::string names = "name";
  for (const auto& rule : field_rules<Entry>()) names += ", " + std::string(rule.name);
  return names;
}

}  // namespace bitmason::device
