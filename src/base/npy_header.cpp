#include "base/npy_header.hpp"

#include <cctype>
#include <optional>

#include "base/diagnostics.hpp"

namespace bitmason {

namespace {

/// Reads the dictionary {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, keys in any order.
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : text_(text) {}

  /// False at the first thing that does not fit; position() is then where.
  bool parse(NpyHeader& header) {
    if (!take('{')) return false;
    bool seen[3] = {false, false, false};
    while (!take('}')) {
      const auto key = quoted();
      if (!key || !take(':')) return false;
      if (*key == "descr") {
        seen[0] = parse_descr();
      } else if (*key == "fortran_order") {
        seen[1] = parse_bool(header.fortran_order);
      } else if (*key == "shape") {
        seen[2] = parse_shape(header.shape);
      } else {
        return false;
      }
      if ((*key == "descr" && !seen[0]) || (*key == "fortran_order" && !seen[1]) ||
          (*key == "shape" && !seen[2])) {
        return false;
      }
      if (!take(',') && peek() != '}') return false;
    }
    skip_space();
    return position_ == text_.size() && seen[0] && seen[1] && seen[2];
  }

  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] const std::string& descr() const { return descr_; }

 private:
  void skip_space() {
    while (position_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[position_])) != 0)
      ++position_;
  }
  char peek() {
    skip_space();
    return position_ < text_.size() ? text_[position_] : '\0';
  }
  bool take(char c) {
    if (peek() != c || position_ >= text_.size()) return false;
    ++position_;
    return true;
  }
  std::optional<std::string> quoted() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') return std::nullopt;
    const auto end = text_.find(quote, position_ + 1);
    if (end == std::string_view::npos) return std::nullopt;
    std::string result(text_.substr(position_ + 1, end - position_ - 1));
    position_ = end + 1;
    return result;
  }
  bool parse_descr() {
    if (peek() == '[') {
      // A list of fields; no field type is a number, so its text need not be understood.
      descr_ = "with fields";
      const auto end = text_.rfind(']');
      if (end == std::string_view::npos || end < position_) return false;
      position_ = end + 1;
      return true;
    }
    const auto text = quoted();
    if (text) descr_ = "'" + *text + "'";
    return text.has_value();
  }
  bool parse_bool(bool& value) {
    skip_space();
    for (const auto& [word, meaning] : {std::pair<std::string_view, bool>{"True", true}, {"False", false}}) {
      if (text_.substr(position_, word.size()) == word) {
        position_ += word.size();
        value = meaning;
        return true;
      }
    }
    return false;
  }
  bool parse_shape(std::vector<std::int64_t>& shape) {
    constexpr std::size_t kMaxDimensions = 64;
    if (!take('(')) return false;
    while (!take(')')) {
      std::int64_t size = 0;
      std::size_t digits = 0;
      for (; std::isdigit(static_cast<unsigned char>(peek())) != 0 && digits < 18; ++position_, ++digits) {
        size = size * 10 + (text_[position_] - '0');
      }
      if (digits == 0 || shape.size() == kMaxDimensions) return false;
      if (peek() == 'L') ++position_;  // Python 2 wrote long integers so
      shape.push_back(size);
      if (!take(',') && peek() != ')') return false;
    }
    return true;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::string descr_;
};

/// Element type and byte order of a descr such as '<f4'; nothing where it is no number.
std::optional<std::pair<NpyType, bool>> type_from(const std::string& descr) {
  if (descr.size() != 5) return std::nullopt;
  const char order = descr[1];
  if (order != '<' && order != '>' && order != '|' && order != '=') return std::nullopt;
  static constexpr std::pair<std::string_view, NpyType> kTypes[] = {
      {"b1", NpyType::Bool},   {"i1", NpyType::Int8},    {"i2", NpyType::Int16},   {"i4", NpyType::Int32},
      {"i8", NpyType::Int64},  {"u1", NpyType::UInt8},   {"u2", NpyType::UInt16},  {"u4", NpyType::UInt32},
      {"u8", NpyType::UInt64}, {"f2", NpyType::Float16}, {"f4", NpyType::Float32}, {"f8", NpyType::Float64}};
  for (const auto& [name, type] : kTypes) {
    if (std::string_view(descr).substr(2, 2) == name) return std::pair{type, order == '>'};
  }
  return std::nullopt;
}

std::size_t little_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

std::size_t size_of(NpyType type) {
  static constexpr std::size_t kSizes[] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8};
  return kSizes[static_cast<std::size_t>(type)];
}

std::uintmax_t npy_header_bytes(std::string_view prefix) {
  if (prefix.size() < 12) return prefix.size();
  return prefix[6] == 1 ? 10 + little_endian(prefix.substr(8, 2)) : 12 + little_endian(prefix.substr(8, 4));
}

Result<NpyHeader> parse_npy_header(const std::string& where, std::string_view file) {
  constexpr std::size_t kPrefix = 8;  // magic and version
  const auto not_npy = [&](const std::string& why) {
    return make_diagnostic(diagnostics::kNpyMagic, where, {why});
  };
  if (file.size() < kPrefix) return not_npy("it has " + std::to_string(file.size()) + " bytes");
  if (file.substr(0, 6) != "\x93NUMPY") return not_npy("it does not start with \\x93NUMPY");
  const int version = static_cast<unsigned char>(file[6]);
  if (version < 1 || version > 3) {
    return not_npy("it has format version " + std::to_string(version) + ", known are 1 to 3");
  }
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  const std::size_t start = kPrefix + length_bytes;
  if (file.size() < start) return not_npy("it has " + std::to_string(file.size()) + " bytes");
  const std::size_t length = little_endian(file.substr(kPrefix, length_bytes));
  if (length > file.size() - start) {
    return make_diagnostic(diagnostics::kNpyHeader, where,
                           {"byte " + std::to_string(file.size()) + ", where the file ends"});
  }
  NpyHeader header;
  HeaderParser parser(file.substr(start, length));
  if (!parser.parse(header)) {
    return make_diagnostic(diagnostics::kNpyHeader, where,
                           {"byte " + std::to_string(start + parser.position())});
  }
  const auto type = type_from(parser.descr());
  if (!type) return make_diagnostic(diagnostics::kNpyType, where, {parser.descr()});
  header.type = type->first;
  header.big_endian = type->second;
  header.data_offset = start + length;
  return header;
}

}  // namespace bitmason
