#pragma once

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

namespace bitmason {

/// An option of numbers with commas between them, `4` or `5,3,2`, each of which must pass `each`. What a
/// comma leaves empty is refused: a list with a hole would give its later numbers to the wrong layers.
template <typename Number>
CLI::Option* add_number_list(CLI::App& app, const std::string& name, std::vector<Number>& numbers,
                             const std::string& what, const CLI::Validator& each = {}) {
  const auto read = [name, &numbers, each](const std::string& text) {
    std::vector<Number> list;
    for (std::size_t start = 0; start <= text.size();) {
      const std::size_t end = std::min(text.find(',', start), text.size());
      const std::string item = text.substr(start, end - start);
      Number number{};
      const auto [rest, error] = std::from_chars(item.data(), item.data() + item.size(), number);
      if (error != std::errc() || rest != item.data() + item.size()) {
        throw CLI::ValidationError(name, "`" + text + "` is no list of numbers: number " +
                                             std::to_string(list.size() + 1) + " is `" + item +
                                             "`; give for example 5,3,2");
      }
      if (const std::string fault = each(item); !fault.empty()) throw CLI::ValidationError(name, fault);
      list.push_back(number);
      start = end + 1;
    }
    numbers = std::move(list);
  };
  std::string given;
  for (const Number& number : numbers) given += (given.empty() ? "" : ",") + std::to_string(number);
  return app.add_option_function<std::string>(name, read, what)->type_name("N,...")->default_str(given);
}

}  // namespace bitmason
