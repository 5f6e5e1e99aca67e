#include "hw/linear_cells.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdlib>

#include "hw/word.hpp"

namespace bitmason::hw {

namespace {

constexpr const char* kLinear = "bm_linear";

int terms_of(const std::vector<int>& row) {
  return static_cast<int>(std::count_if(row.begin(), row.end(), [](int c) { return c != 0; }));
}

/// A byte of bm_linear's M: used, negative, place of the power of two.
std::int64_t coefficient_byte(int coefficient) {
  if (coefficient == 0) return 0;
  const auto place = static_cast<int>(std::bit_width(static_cast<unsigned>(std::abs(coefficient)))) - 1;
  return 0x80 | (coefficient < 0 ? 0x40 : 0) | place;
}

void append_row(Word& word, const std::vector<int>& row) {
  for (const int coefficient : row) word.append(coefficient_byte(coefficient), 8);
}

bool any_signed(const std::vector<Value>& values) {
  return std::any_of(values.begin(), values.end(),
                     [](const Value& value) { return value.range.is_signed(); });
}

/// Coefficients and values of a row that count.
struct Used {
  std::vector<int> row;
  std::vector<Value> values;
  bool is_signed = false;
  int bits = 1;  ///< common width
};
Used used_of(const std::vector<int>& row, const std::vector<Value>& values) {
  Used used;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == 0) continue;
    used.row.push_back(row[i]);
    used.values.push_back(values[i]);
  }
  used.is_signed = any_signed(used.values);
  for (const Value& value : used.values) {
    const IntRange range = used.is_signed ? value.range.united({-1, 0}) : value.range;
    used.bits = std::max(used.bits, range.bits());
  }
  return used;
}

}  // namespace

int levels_of(int count) {
  return static_cast<int>(std::bit_width(static_cast<unsigned>(count - 1)));
}

int most_terms(const pack::Matrix& rows) {
  int most = 1;
  for (const auto& row : rows) most = std::max(most, terms_of(row));
  return most;
}

int row_levels(const std::vector<int>& row, const std::vector<Value>& values, std::int64_t constant) {
  const Used used = used_of(row, values);
  // As bm_linear: unsigned codes with their top bits inverted, the rest a carry or a leaf.
  std::int64_t rest = constant;
  if (!used.is_signed && constant != 0) {
    for (const int c : used.row) rest += c * (std::int64_t{1} << (used.bits - 1));
  }
  const bool positive = std::all_of(used.row.begin(), used.row.end(), [](int c) { return c > 0; });
  const bool carry = rest == 1 && used.row.size() > 1 && positive;
  return levels_of(static_cast<int>(used.row.size()) + (rest != 0 && !carry ? 1 : 0));
}

Value combined(Module& module, const std::string& name, const std::vector<int>& row,
               const std::vector<Value>& values, std::int64_t constant, int levels) {
  const Used used = used_of(row, values);
  IntRange range{constant, constant};
  for (std::size_t i = 0; i < used.row.size(); ++i)
    range = range + used.values[i].range * IntRange{used.row[i], used.row[i]};
  if (levels == 0 && constant == 0 && used.row == std::vector<int>{1}) return used.values.front();
  const Format format = format_of(range);
  Bits x;
  for (const Value& value : used.values) append(x, resized(value.bits, used.bits, value.range.is_signed()));
  Word matrix;
  append_row(matrix, used.row);
  Word added;
  added.append(constant, 32);
  const int y = module.add_net(name, format.bits);
  module.cells.push_back({.name = "u_" + name,
                          .module = kLinear,
                          .parameters = {{"COUNT", static_cast<std::int64_t>(used.row.size())},
                                         {"BITS", std::int64_t{used.bits}},
                                         {"SIGNED", std::int64_t{used.is_signed}},
                                         {"OUT", std::int64_t{format.bits}},
                                         {"LEVELS", std::int64_t{levels}},
                                         {"M", matrix.constant()},
                                         {"CONST", added.constant()}},
                          .inputs = {{"x", x}},
                          .outputs = {{"y", module.all_of(y)}}});
  return {module.all_of(y), range};
}

std::vector<Bits> combined_sums(Module& module, const std::string& name, const pack::Matrix& rows,
                                const std::vector<Bits>& values, int bits, int shift, int levels) {
  int widest = 1;
  for (const Bits& value : values) widest = std::max(widest, width_of(value));
  Bits x;
  for (const Bits& value : values) append(x, resized(value, widest, true));
  Word matrix;
  for (const auto& row : rows) append_row(matrix, row);
  const int y = module.add_net(name, bits * static_cast<int>(rows.size()));
  module.cells.push_back({.name = "u_" + name,
                          .module = kLinear,
                          .parameters = {{"COUNT", static_cast<std::int64_t>(values.size())},
                                         {"ROWS", static_cast<std::int64_t>(rows.size())},
                                         {"BITS", std::int64_t{widest}},
                                         {"SIGNED", std::int64_t{1}},
                                         {"OUT", std::int64_t{bits}},
                                         {"SHIFT", std::int64_t{shift}},
                                         {"LEVELS", std::int64_t{levels}},
                                         {"M", matrix.constant()}},
                          .inputs = {{"x", x}},
                          .outputs = {{"y", module.all_of(y)}}});
  std::vector<Bits> sums;
  for (int r = 0; r < static_cast<int>(rows.size()); ++r) sums.push_back({{y, r * bits, bits}});
  return sums;
}

Bits delayed(Module& module, const std::string& name, const Bits& bits, int stages, bool reset) {
  if (stages == 0) return bits;
  const int q = module.add_net(name, width_of(bits));
  Bits rst = zero(1);
  if (reset) rst = {{0, 0, 1}};
  module.cells.push_back({.name = "u_" + name,
                          .module = "bm_conv_delay",
                          .parameters = {{"WIDTH", std::int64_t{width_of(bits)}},
                                         {"STAGES", std::int64_t{stages}},
                                         {"RESET", std::int64_t{reset}}},
                          .inputs = {{"rst", rst}, {"d", bits}},
                          .outputs = {{"q", module.all_of(q)}}});
  return module.all_of(q);
}

Bits zero(int width) {
  return {{.width = width}};
}

}  // namespace bitmason::hw
