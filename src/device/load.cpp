#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>

#include "base/file.hpp"
#include "device/device.hpp"
#include "device/diagnostics.hpp"
#include "device/fields_internal.hpp"

namespace bitmason::device {

namespace {

constexpr std::uintmax_t kLargestFile = 1 << 20;

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::string_view type_name(FieldType type) {
  switch (type) {
    case FieldType::Text:
      return "text";
    case FieldType::Flag:
      return "true or false";
    case FieldType::Integer:
      return "an integer";
    case FieldType::Number:
      return "a number";
  }
  return "";
}

bool is_of(FieldType type, const Json& value) {
  switch (type) {
    case FieldType::Text:
      return value.is_string();
    case FieldType::Flag:
      return value.is_boolean();
    case FieldType::Integer:
      return value.is_number_integer();
    case FieldType::Number:
      return value.is_number();
  }
  return false;
}

/// One file being read; every finding names the file and the field.
class File {
 public:
  File(std::string name, Diagnostics& found) : name_(std::move(name)), found_(&found) {}

  void report(const DiagnosticKind& kind, std::string_view field,
              std::initializer_list<std::string> arguments) const {
    const std::string where = field.empty() ? name_ : name_ + ": " + std::string(field);
    found_->push_back(make_diagnostic(kind, where, arguments));
  }

  /// The document, or nothing with a finding.
  [[nodiscard]] std::optional<Json> parse(const std::string& content) const {
    std::vector<std::set<std::string>> keys;
    const auto watch = [&](int, Json::parse_event_t event, Json& value) {
      if (event == Json::parse_event_t::object_start) keys.emplace_back();
      if (event == Json::parse_event_t::object_end) keys.pop_back();
      if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second) {
        report(diagnostics::kRepeated, "", {value.get<std::string>()});
      }
      return true;
    };
    try {
      return Json::parse(content, watch);
    } catch (const Json::parse_error& error) {
      report(diagnostics::kJson, "", {"syntax error at byte " + std::to_string(error.byte)});
    } catch (const Json::out_of_range&) {
      report(diagnostics::kJson, "", {"a number exceeds the range of a double"});
    }
    return std::nullopt;
  }

  /// Member `key` of the object, or null with a finding; `form` says what to add.
  [[nodiscard]] const Json* member(const Json& object, std::string_view key, std::string_view field,
                                   FieldType type, std::string_view form) const {
    const auto found = object.find(std::string(key));
    if (found == object.end()) {
      report(diagnostics::kMissingField, field, {std::string(form)});
      return nullptr;
    }
    if (!is_of(type, *found)) {
      report(diagnostics::kType, field, {found->type_name(), std::string(type_name(type))});
      return nullptr;
    }
    return &*found;
  }

  void refuse_unknown(const Json& object, const std::set<std::string>& known, std::string_view owner,
                      const std::string& names) const {
    for (const auto& [key, value] : object.items()) {
      if (!known.contains(key)) report(diagnostics::kUnknownField, key, {std::string(owner), names});
    }
  }

 private:
  std::string name_;
  Diagnostics* found_;
};

template <class Entry>
void read_field(const File& file, const Json& document, const FieldRule<Entry>& rule, Entry& entry) {
  const std::string name(rule.name);
  const auto found = document.find(name);
  if (found == document.end()) {
    return file.report(diagnostics::kMissingField, name, {"an object of value, source and kind"});
  }
  if (!found->is_object()) {
    return file.report(diagnostics::kType, name, {found->type_name(), "an object of value, source and kind"});
  }
  file.refuse_unknown(*found, {"value", "source", "kind"}, "field " + name, "value, source, kind");
  const Json* value = file.member(*found, "value", name + ".value", rule.type, type_name(rule.type));
  const Json* source = file.member(*found, "source", name + ".source", FieldType::Text, "text");
  const Json* kind = file.member(*found, "kind", name + ".kind", FieldType::Text, "quoted, read or memory");
  if (value == nullptr || source == nullptr || kind == nullptr) return;
  if (value->is_number()) {
    const double number = value->get<double>();
    if (!(number >= static_cast<double>(rule.lo) && number <= static_cast<double>(rule.hi))) {
      return file.report(diagnostics::kValue, name,
                         {value->dump(), std::to_string(rule.lo), std::to_string(rule.hi)});
    }
  }
  rule.set(entry, *value);
  entry.sources[name] = {.text = source->get<std::string>(), .kind = kind->get<std::string>()};
}

template <class Entry>
Entry read_entry(const File& file, const std::string& content, const std::string& stem) {
  Entry entry;
  const std::optional<Json> parsed = file.parse(content);
  if (!parsed) return entry;
  const Json& document = *parsed;
  if (!document.is_object()) {
    file.report(diagnostics::kType, "", {document.type_name(), "an object"});
    return entry;
  }
  std::set<std::string> known{"name"};
  for (const auto& rule : field_rules<Entry>()) known.emplace(rule.name);
  file.refuse_unknown(document, known, "this kind of file", field_names<Entry>());
  if (const Json* name = file.member(document, "name", "name", FieldType::Text, "text")) {
    entry.name = name->template get<std::string>();
    if (lower(entry.name) != stem) file.report(diagnostics::kFileName, "name", {entry.name, stem + ".json"});
  }
  for (const auto& rule : field_rules<Entry>()) read_field(file, document, rule, entry);
  return entry;
}

std::vector<std::filesystem::path> json_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    if (file.path().extension() == ".json") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

template <class Entry>
std::vector<Entry> read_folder(const std::filesystem::path& folder, Diagnostics& found) {
  std::vector<Entry> entries;
  const auto files = json_files(folder);
  if (files.empty()) found.push_back(make_diagnostic(diagnostics::kNoFiles, folder.string(), {"0"}));
  for (const auto& path : files) {
    const auto content = read_file(path, kLargestFile);
    if (!content) {
      found.insert(found.end(), content.errors().begin(), content.errors().end());
      continue;
    }
    const File file((folder.filename() / path.filename()).string(), found);
    entries.push_back(read_entry<Entry>(file, *content, path.stem().string()));
  }
  return entries;
}

}  // namespace

const Part* Database::find_part(std::string_view name) const {
  const auto found = std::find_if(parts.begin(), parts.end(),
                                  [&](const Part& part) { return lower(part.name) == lower(name); });
  return found == parts.end() ? nullptr : &*found;
}

const Primitive* Database::find_primitive(std::string_view name) const {
  const auto found = std::find_if(primitives.begin(), primitives.end(),
                                  [&](const Primitive& p) { return lower(p.name) == lower(name); });
  return found == primitives.end() ? nullptr : &*found;
}

Result<Database> load_database(const std::filesystem::path& folder) {
  Diagnostics found;
  Database database;
  database.primitives = read_folder<Primitive>(folder / "primitives", found);
  database.parts = read_folder<Part>(folder / "parts", found);
  if (!found.empty()) return found;
  return database;
}

}  // namespace bitmason::device
