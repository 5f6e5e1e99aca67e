#pragma once

#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "report/report.hpp"

namespace bitmason::report {

using Json = nlohmann::ordered_json;

inline void put(Json& json, const char* key, const std::optional<std::int64_t>& value) {
  if (value) json[key] = *value;
}

/// Path of the value that is missing or has the wrong type.
struct Malformed {
  std::string path;
};

/// A value of the document with its path, e.g. "layers[2].cycles". Every member throws Malformed.
class Reader {
 public:
  Reader(const Json& json, std::string path) : json_(json), path_(std::move(path)) {}

  [[nodiscard]] Reader operator[](const std::string& key) const {
    std::string path = path_.empty() ? key : path_ + "." + key;
    if (!json_.is_object() || !json_.contains(key)) throw Malformed{std::move(path)};
    return {json_.at(key), std::move(path)};
  }
  [[nodiscard]] Reader operator[](const char* key) const { return (*this)[std::string(key)]; }
  [[nodiscard]] bool has(const char* key) const { return json_.is_object() && json_.contains(key); }
  [[nodiscard]] std::vector<Reader> elements() const {
    if (!json_.is_array()) throw Malformed{path_};
    std::vector<Reader> result;
    for (const Json& element : json_) {
      result.emplace_back(element, path_ + "[" + std::to_string(result.size()) + "]");
    }
    return result;
  }
  [[nodiscard]] std::vector<std::string> keys() const {
    if (!json_.is_object()) throw Malformed{path_};
    std::vector<std::string> result;
    for (const auto& [key, value] : json_.items()) result.push_back(key);
    return result;
  }
  template <class T>
  [[nodiscard]] T as() const {
    const bool fits = std::is_same_v<T, bool>          ? json_.is_boolean()
                      : std::is_same_v<T, std::string> ? json_.is_string()
                      : std::is_integral_v<T>          ? json_.is_number_integer()
                                                       : json_.is_number();
    if (!fits) throw Malformed{path_};
    return json_.get<T>();
  }
  template <class T>
  operator T() const {  // NOLINT(google-explicit-constructor)
    return as<T>();
  }

 private:
  const Json& json_;
  std::string path_;
};

inline std::optional<std::int64_t> get(const Reader& json, const char* key) {
  if (!json.has(key)) return std::nullopt;
  return json[key].as<std::int64_t>();
}

Json liveness_json(const Liveness& liveness);
Liveness liveness_of(const Reader& json);

}  // namespace bitmason::report
