#include <atomic>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "flow/packing_cell.hpp"
#include "pack/prove.hpp"
#include "verify/process.hpp"

namespace bitmason::flow {

namespace {

enum class Decoder { Proved, Refuted, Undecided, NoSolver };

/// Asks z3 whether any product is decoded wrongly.
Result<Decoder> ask_z3(const pack::Packing& packing) {
  static std::atomic<int> count{0};
  std::error_code ignored;
  const auto folder = std::filesystem::temp_directory_path(ignored);
  const auto query = folder / fmt::format("bitmason-{}-{}.smt2", ::getpid(), count++);
  if (auto written = write_file(query, pack::decoder_smt2(packing)); !written) return written.errors();
  const auto outcome = verify::run_process({.program = "z3",
                                            .arguments = {"-smt2", "-T:60", query.string()},
                                            .limit = std::chrono::seconds(90),
                                            .package = "z3"});
  std::filesystem::remove(query, ignored);
  if (!outcome) return Decoder::NoSolver;
  std::istringstream answers(outcome->output);
  std::string answer;
  Decoder result = Decoder::Undecided;
  while (std::getline(answers, answer)) {
    if (answer == "sat") return Decoder::Refuted;
    if (answer != "unsat") return Decoder::Undecided;
    result = Decoder::Proved;
  }
  return result;
}

std::string_view to_text(Decoder decoder) {
  switch (decoder) {
    case Decoder::Proved:
      return "decoder proved for every field sum by z3";
    case Decoder::Refuted:
      return "decoder refuted by z3";
    case Decoder::Undecided:
      return "z3 did not decide the decoder within its time";
    case Decoder::NoSolver:
      return "decoder not asked of z3, which is not installed (apt-get install z3)";
  }
  return "";
}

}  // namespace

Result<Evidence> prove_packing(const pack::Packing& packing) {
  const pack::Proof proof = pack::prove(packing);
  Evidence evidence{.holds = proof.holds, .text = to_text(proof)};
  nlohmann::ordered_json json = {{"holds", proof.holds},
                                 {"lemma_cases", proof.lemma_cases},
                                 {"every_lemma_case", proof.every_lemma_case},
                                 {"model_products", proof.operand_cases},
                                 {"every_operand", proof.every_operand}};
  evidence.json = json_text(json);
  if (!proof.holds) return evidence;
  const auto decoder = ask_z3(packing);
  if (!decoder) return decoder.errors();
  evidence.holds = *decoder != Decoder::Refuted;
  evidence.decided = *decoder == Decoder::Proved || *decoder == Decoder::Refuted;
  evidence.text += fmt::format("; {}", to_text(*decoder));
  json["decoder_smt"] = *decoder == Decoder::Proved      ? "unsat"
                        : *decoder == Decoder::Refuted   ? "sat"
                        : *decoder == Decoder::Undecided ? "unknown"
                                                         : "no solver";
  json["holds"] = evidence.holds;
  evidence.json = json_text(json);
  return evidence;
}

}  // namespace bitmason::flow
