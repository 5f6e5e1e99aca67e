#include <charconv>
#include <optional>

#include "number_list.hpp"
#include "search_setup.hpp"

namespace bitmason::train_cli {
namespace {

/// "2-8" or "4": what is between, ends included; nothing where it is no range within 1 to 8.
std::optional<std::pair<int, int>> widths_in(const std::string& text) {
  const auto number = [](std::string_view digits) {
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() ? value : 0;
  };
  const auto dash = text.find('-');
  const int from = number(text.substr(0, dash));
  const int to = dash == std::string::npos ? from : number(text.substr(dash + 1));
  if (from < 1 || to > 8 || from > to) return std::nullopt;
  return std::pair(from, to);
}

void add_set(CLI::App& verb, const char* name, std::pair<int, int>& set, const char* what) {
  verb.add_option_function<std::string>(
          name,
          [name, &set](const std::string& text) {
            const auto widths = widths_in(text);
            if (!widths)
              throw CLI::ValidationError(name, text + " is no range of widths; give for example 2-8");
            set = *widths;
          },
          what)
      ->default_str("2-8");
}

}  // namespace

std::function<void()> add_search_options(CLI::App& verb, SearchRequest& request) {
  verb.add_option("network", request.network.file, "float ONNX or QONNX file")->required();
  add_network_options(verb, request.network);
  add_data_options(verb, request.data);
  verb.add_option("--part", request.part, "part to plan for")->capture_default_str();
  auto* intervals = add_number_list(verb, "--intervals", request.intervals, "cycles a frame to search for",
                                    CLI::Range(1, 1000000000));
  auto* uniform = verb.add_flag("--uniform-budgets", request.uniform,
                                "search for the planned intervals of uniform 2 to 6 bits")
                      ->excludes(intervals);
  add_set(verb, "--weights-set", request.weights, "widths that weights may have, for example 2-8");
  add_set(verb, "--activations-set", request.activations,
          "widths that activations may have; the image keeps 8 bits");
  verb.add_option("--images", request.images,
                  "training images for ranges, and as many of those held out for losses")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  verb.add_option("--out", request.out, "folder for networks, results and measured losses")->required();
  verb.add_option("--threads", request.threads)->capture_default_str();
  verb.add_flag("--json", request.json, "print the JSON file instead of the table");
  return [intervals, uniform] {
    if (intervals->empty() && uniform->empty()) throw CLI::RequiredError("--intervals or --uniform-budgets");
  };
}

}  // namespace bitmason::train_cli
