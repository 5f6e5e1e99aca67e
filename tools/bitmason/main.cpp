#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>

#include "base/json_internal.hpp"
#include "data_folder.hpp"
#include "trainer.hpp"
#include "verbs.hpp"

namespace bitmason::cli {
namespace {

/// With --json, errors are a document on standard output too.
void print_errors_json(const Diagnostics& errors) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Diagnostic& error : errors) {
    list.push_back({{"code", error.code}, {"where", error.where}, {"text", error.text}});
    if (!error.details.empty())
      list.back()["details"] = nlohmann::ordered_json::parse(error.details, nullptr, false);
  }
  std::puts(json_text(nlohmann::ordered_json{{"errors", list}}, 2).c_str());
}

int fail(const Diagnostics& errors, bool json) {
  std::fputs(to_text(errors).c_str(), stderr);
  if (json) print_errors_json(errors);
  return 1;
}

int answer(const Session& session) {
  const Answer result = session.chosen();
  if (!result) return fail(result.errors(), session.json);
  std::fputs((session.json ? result->json + "\n" : result->text).c_str(), stdout);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return 0;
  std::fprintf(stderr, "bitmason: cannot write to standard output (%s)\n", std::strerror(errno));
  return 1;
}

std::string names_of_verbs(const CLI::App& app) {
  std::string names;
  for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    names += (names.empty() ? "" : ", ") + verb->get_name();
  }
  return names;
}

/// One line on standard error that says what is wrong with the arguments and where their help is.
int refuse(const CLI::App& app, const CLI::ParseError& error, bool json) {
  const CLI::App* at = &app;
  std::string command = "bitmason";
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    command += " " + at->get_name();
  }
  std::string text = error.what();
  if (const std::string verbs = names_of_verbs(*at); !verbs.empty()) {
    const auto extra = app.remaining(true);
    if (extra.empty()) {
      text = "a verb is needed; choose " + verbs;
    } else if (!extra.front().starts_with("-")) {
      text = "there is no verb " + extra.front() + "; choose " + verbs;
    } else {
      text = "there is no option " + extra.front();
    }
  }
  text += "; see `" + command + " --help`";
  std::fprintf(stderr, "%s: %s\n", command.c_str(), text.c_str());
  if (json) print_errors_json({{"BM-CLI-001", command, text}});
  return 2;
}

/// Known before, and whether or not, the arguments parse.
bool asks_for_json(int argc, char** argv) {
  return std::any_of(argv, argv + argc, [](const char* word) { return std::strcmp(word, "--json") == 0; });
}

int run(int argc, char** argv) {
  if (const auto arguments = trainer_arguments(argc, argv))
    return fail(start_trainer(*arguments), asks_for_json(argc, argv));
  Session session{.data = {data_folder()}, .progress = [](std::string_view line) {
                    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
                  }};
  CLI::App app{
      "Bitmason turns a quantised neural network into a streaming FPGA accelerator that is bit-exact with "
      "it."};
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", "bitmason " BITMASON_VERSION);
  app.add_flag("--json", session.json, "print one JSON document on standard output and nothing else");
  app.footer(
      "Example: bitmason build examples/fashion_mnist/fashion_mnist.onnx --part xczu3eg --out out/demo "
      "--verify --synth\n"
      "Each verb has --help with its own example.");
  add_import(app, session);
  add_run(app, session);
  add_export(app, session);
  add_device(app, session);
  add_pack(app, session);
  add_plan(app, session);
  add_build(app, session);
  add_verify(app, session);
  add_report(app, session);
  add_zoo(app, session);
  add_trainer_verbs(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : refuse(app, error, asks_for_json(argc, argv));
  }
  return answer(session);
}

}  // namespace
}  // namespace bitmason::cli

int main(int argc, char** argv) {
  try {
    return bitmason::cli::run(argc, argv);
  } catch (const std::exception& error) {
    // The user's errors are values; what arrives here is a lack of memory or a defect.
    std::fprintf(stderr, "bitmason: internal error: %s\n", error.what());
    if (bitmason::cli::asks_for_json(argc, argv))
      bitmason::cli::print_errors_json(
          {{"BM-CLI-002", "bitmason", std::string("internal error: ") + error.what()}});
    return 3;
  }
}
