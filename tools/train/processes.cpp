#include "processes.hpp"

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace bitmason::train_cli {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

int number(std::string_view text, int otherwise) {
  int value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

Processes processes() {
  Processes all{.rank = number(variable("OMPI_COMM_WORLD_RANK"), 0),
                .count = number(variable("OMPI_COMM_WORLD_SIZE"), 1),
                .job = std::string(variable("PMIX_NAMESPACE"))};
  for (char& c : all.job) c = c == '/' ? '_' : c;
  return all;
}

}  // namespace bitmason::train_cli
