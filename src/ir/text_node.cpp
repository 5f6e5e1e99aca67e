#include <algorithm>

#include "ir/text_json_internal.hpp"

namespace bitmason::ir::text {

namespace {

const Json& nothing() {
  static const Json kNull;
  return kNull;
}

}  // namespace

void Node::fail() const {
  if (!*failure_) *failure_ = path_;
}

Node Node::operator[](const char* key) const {
  Node child(nothing(), path_.empty() ? key : path_ + "." + key, *failure_);
  if (has(key)) {
    child.value_ = &(*value_)[key];
  } else {
    child.fail();
  }
  return child;
}

Node Node::operator[](std::size_t index) const {
  Node child(nothing(), path_ + "[" + std::to_string(index) + "]", *failure_);
  if (value_->is_array() && index < value_->size()) {
    child.value_ = &(*value_)[index];
  } else {
    child.fail();
  }
  return child;
}

std::size_t Node::size() const {
  if (!value_->is_array()) {
    fail();
    return 0;
  }
  return value_->size();
}

std::int64_t Node::integer(std::int64_t lo, std::int64_t hi) const {
  const bool is_integer = value_->is_number_integer() &&
                          !(value_->is_number_unsigned() && value_->get<std::uint64_t>() >> 63 != 0);
  if (is_integer) {
    const auto number = value_->get<std::int64_t>();
    if (lo <= number && number <= hi) return number;
  }
  fail();
  return std::max<std::int64_t>(lo, 0);
}

int Node::small() const {
  // Geometry beyond this fits no frame; sums of a few such numbers stay within int.
  constexpr std::int64_t kMost = std::int64_t{1} << 28;
  return static_cast<int>(integer(-kMost, kMost));
}

bool Node::boolean() const {
  if (value_->is_boolean()) return value_->get<bool>();
  fail();
  return false;
}

std::string Node::string() const {
  if (value_->is_string()) return value_->get<std::string>();
  fail();
  return {};
}

Rational Node::rational() const {
  if (value_->is_string()) {
    if (auto value = Rational::parse(value_->get_ref<const std::string&>())) return std::move(*value);
  }
  fail();
  return {};
}

IntRange Node::range() const {
  require(size() == 2);
  return {(*this)[std::size_t{0}].integer(), (*this)[std::size_t{1}].integer()};
}

std::size_t Node::choice(std::initializer_list<std::string_view> names) const {
  const std::string name = string();
  const auto* found = std::ranges::find(names, name);
  if (found == names.end()) {
    fail();
    return 0;
  }
  return static_cast<std::size_t>(found - names.begin());
}

Json to_json(const IntRange& range) {
  return Json::array({range.lo, range.hi});
}

Json to_json(const std::vector<Rational>& values) {
  Json list = Json::array();
  for (const Rational& value : values) list.push_back(value.to_string());
  return list;
}

}  // namespace bitmason::ir::text
