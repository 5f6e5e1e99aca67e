#include <memory>

#include "verbs.hpp"

namespace bitmason::cli {

void add_plan_options(CLI::App& verb, flow::PlanRequest& request) {
  add_network_options(verb, request.network);
  verb.add_option("--part", request.part, "part to design for; `bitmason device list` names them")
      ->capture_default_str();
  verb.add_option("--target-fps", request.target_fps,
                  "frames per second to reach with the least resources; default: as fast as the part allows");
  verb.add_option("--clock-mhz", request.clock_mhz, "clock; default: the part's assumption");
  verb.add_option("--dsps", request.dsps, "at most this many DSPs");
  verb.add_option(
      "--luts", request.luts,
      "at most this many LUTs; the estimates may use 85 % of them, as of the part's: routing needs room");
  verb.add_option("--brams", request.brams, "at most this many 36 kbit block RAMs");
  verb.add_option("--urams", request.urams, "at most this many URAMs");
  verb.add_option(
      "--bandwidth", request.bandwidth,
      "at most this many MB/s of weights from external memory; default: 70 % of what memory and port give");
  verb.add_option("--external-weights", request.external_weights,
                  "weights from external memory: never, where needed, or also where it is faster")
      ->check(CLI::IsMember({"never", "needed", "faster"}))
      ->capture_default_str();
  verb.add_option("--folding", request.folding_in, "read PE and SIMD per layer from this JSON file");
  verb.add_option("--folding-out", request.folding_out, "write the chosen PE and SIMD to this JSON file");
}

namespace {

void add_frames_option(CLI::App& verb, std::vector<std::string>& inputs) {
  verb.add_option(
          "--input", inputs,
          "FILE.npy of real frames to verify with, before one of random and one of extreme codes; with "
          "several inputs once for each as NAME=FILE.npy; default: random and extreme codes")
      ->allow_extra_args(false);
}

void add_verify_options(CLI::App& verb, flow::VerifyRequest& request) {
  verb.add_option("design", request.design, "folder that `bitmason build` wrote")->required();
  verb.add_option("--level", request.level,
                  "engine, rtl, netlist (minutes to half an hour) or all (hls: no back end yet)")
      ->capture_default_str();
  add_frames_option(verb, request.inputs);
  verb.add_option("--frames", request.frames,
                  "frames back to back: of the files, else random and extreme in turn")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  verb.add_option("--seed", request.seed, "of random inputs, stalls and initial states")
      ->capture_default_str();
  verb.add_option("--cache", request.cache, "folder of tool results; default: beside the design");
}

}  // namespace

void add_plan(CLI::App& app, Session& session) {
  auto* verb = app.add_subcommand("plan", "choose every layer's packing and parallelism");
  auto request = std::make_shared<flow::PlanRequest>();
  add_plan_options(*verb, *request);
  verb->add_flag("--explain", request->explain,
                 "what bounds each layer, and what one more DSP or 1,000 LUTs would bring");
  verb->footer(
      "Least resources: the least sum of shares of the part, LUTs counting 1.25 times, flip-flops 1/4.\n"
      "PE: output channels in parallel, SIMD: input channels; the rest is in docs/planning.md.\n"
      "Example: bitmason plan net.onnx --part xczu3eg --target-fps 1000 --explain\n"
      "         bitmason plan net.onnx --luts 40000 --folding-out folding.json\n"
      "         bitmason --json plan net.onnx --folding folding.json");
  verb->callback([&session, request] {
    session.chosen = [&session, request] {
      request->data = session.data;
      return flow::plan(*request);
    };
  });
}

void add_build(CLI::App& app, Session& session) {
  auto* verb = app.add_subcommand(
      "build", "import, plan and write the accelerator; then verify and synthesise where asked");
  auto request = std::make_shared<flow::BuildRequest>();
  add_plan_options(*verb, request->plan);
  verb->add_option("--out", request->out, "folder for the design")->required();
  verb->add_flag(
      "--verify", request->verify,
      "compare the fast engine with the reference and simulate the design against the integer network");
  verb->add_flag("--synth", request->synthesise, "synthesise with Yosys and count resources");
  verb->add_option("--frames", request->frames,
                   "frames to simulate back to back: of the files, else random and extreme in turn")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  verb->add_option("--seed", request->seed, "of random inputs, stalls and initial states")
      ->capture_default_str();
  add_frames_option(*verb, request->inputs);
  verb->add_option("--cache", request->cache, "folder of tool results; default: beside the design");
  verb->footer("Example: bitmason build net.onnx --part xczu3eg --out out/net --verify --synth");
  verb->callback([&session, request] {
    session.chosen = [&session, request] {
      request->plan.data = session.data;
      return flow::build(*request, session.progress);
    };
  });
}

void add_verify(CLI::App& app, Session& session) {
  auto* verb = app.add_subcommand("verify", "check a design folder against the integer network");
  auto request = std::make_shared<flow::VerifyRequest>();
  add_verify_options(*verb, *request);
  verb->footer("Example: bitmason verify out/net --level all --input images.npy --frames 2");
  verb->callback([&session, request] {
    session.chosen = [&session, request] {
      request->data = session.data;
      return flow::verify(*request, session.progress);
    };
  });
}

void add_report(CLI::App& app, Session& session) {
  auto* verb = app.add_subcommand("report", "everything known about a design folder");
  auto folder = std::make_shared<std::filesystem::path>();
  verb->add_option("design", *folder, "folder that `bitmason build` wrote")->required();
  verb->footer("Example: bitmason report out/net --json");
  verb->callback([&session, folder] { session.chosen = [folder] { return flow::report(*folder); }; });
}

}  // namespace bitmason::cli
