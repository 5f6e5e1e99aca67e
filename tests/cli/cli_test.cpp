#include "cli_case.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

/// The program as a user calls it.
namespace bitmason::cli {
namespace {

using Json = nlohmann::json;

TEST_F(Cli, HelpOfEveryVerbShowsAnExample) {
  for (const char* verb : {"", "import", "run", "export", "device", "device list", "device show",
                           "device check", "pack", "plan", "build", "verify", "report", "zoo"}) {
    const Outcome outcome = call(std::string(verb) + " --help");
    EXPECT_EQ(outcome.code, 0) << verb;
    EXPECT_EQ(outcome.err, "") << verb;
    EXPECT_NE(outcome.out.find("Usage: "), std::string::npos) << verb;
    EXPECT_NE(
        outcome.out.find("Example: bitmason " + std::string(verb).substr(0, std::string(verb).find(' '))),
        std::string::npos)
        << verb << "\n"
        << outcome.out;
  }
  EXPECT_EQ(call("--version").out, "bitmason " BITMASON_VERSION "\n");
}

TEST_F(Cli, BadArgumentsAreRefusedInOneLine) {
  const std::string verbs =
      "choose import, run, export, device, pack, plan, build, verify, report, zoo, "
      "train, quantize, search, compare, evaluate, check";
  expect_refused("", "bitmason: a verb is needed; " + verbs + "; see `bitmason --help`", 2);
  expect_refused("biuld", "bitmason: there is no verb biuld; " + verbs + "; see `bitmason --help`", 2);
  expect_refused("--quick", "bitmason: there is no option --quick; see `bitmason --help`", 2);
  expect_refused(
      "device find",
      "bitmason device: there is no verb find; choose list, show, check; see `bitmason device --help`", 2);
  expect_refused("plan", "bitmason plan: network is required; see `bitmason plan --help`", 2);
  expect_refused(
      "plan net.onnx --fps 3",
      "bitmason plan: The following arguments were not expected: 3 --fps; see `bitmason plan --help`", 2);
  expect_refused("plan net.onnx --dsps many",
                 "bitmason plan: Could not convert: --dsps = many; see `bitmason plan --help`", 2);
  expect_refused("run net.onnx --input x.npy",
                 "bitmason run: --output is required; see `bitmason run --help`", 2);
  expect_refused("verify out --frames 0",
                 "bitmason verify: --frames: Value 0 not in range 1 to 100000; see `bitmason verify --help`",
                 2);
  expect_refused("pack --table -w 4",
                 "bitmason pack: --weight-bits excludes --table; see `bitmason pack --help`", 2);
  expect_refused("pack --measure costs.json --full-weights",
                 "bitmason pack: --full-weights excludes --measure; see `bitmason pack --help`", 2);
  expect_refused("pack --measure costs.json --sample 3 -k 1",
                 "bitmason pack: --kernel excludes --sample; see `bitmason pack --help`", 2);
  expect_refused(
      "zoo CNV --seed -1 --output cnv.onnx",
      "bitmason zoo: --seed: seeds are not negative, choose 1 instead of -1; see `bitmason zoo --help`", 2);
  expect_refused("zoo CNV --seed 18446744073709551616 -o cnv.onnx",
                 "bitmason zoo: --seed: 18446744073709551616 is no whole number below 2^64; give for example "
                 "1; see `bitmason zoo --help`",
                 2);
  // A hole would give later numbers to the wrong layers.
  expect_refused("zoo CNV --weights 5,,3 -o cnv.onnx",
                 "bitmason zoo: --weights: `5,,3` is no list of numbers: number 2 is ``; give for example "
                 "5,3,2; see `bitmason zoo --help`",
                 2);
  expect_refused("pack -w 4, -a 4",
                 "bitmason pack: -w,--weight-bits: `4,` is no list of numbers: number 2 is ``; give for "
                 "example 5,3,2; see `bitmason pack --help`",
                 2);
  expect_refused("run net.onnx --input x.npy --output y.npy --threads -1",
                 "bitmason run: --threads: Value -1 not in range 0 to 1024; see `bitmason run --help`", 2);
}

TEST_F(Cli, TheZooIsListedAndWritten) {
  const Outcome list = call("zoo list --json");
  EXPECT_EQ(list.code, 0);
  const Json networks = Json::parse(list.out).at("networks");
  ASSERT_EQ(networks.size(), 9u);
  EXPECT_EQ(networks[0].at("name"), "UltraNet");
  EXPECT_EQ(networks[0].at("macs"), 199526400);
  EXPECT_EQ(networks[0].at("weights"), 210096);
  EXPECT_EQ(networks[0].at("published").size(), 3u);
  const Outcome written = call("zoo ds-cnn --weights 4 --activations 4 --seed 3 -o ds.onnx --json");
  EXPECT_EQ(written.code, 0) << written.err;
  const Json json = Json::parse(written.out);
  EXPECT_EQ(json.at("network"), "DS-CNN");
  EXPECT_EQ(json.at("weights"), std::vector<int>(10, 4));
  EXPECT_EQ(json.at("liveness").at("layers").size(), 10u);
  EXPECT_NE(written.err.find("DS-CNN 10 of 10: dense\n"), std::string::npos);
  EXPECT_TRUE(files().contains("ds.onnx"));
  const Outcome imported = call("import ds.onnx --json");
  EXPECT_EQ(imported.code, 0) << imported.err;
  EXPECT_EQ(Json::parse(imported.out).at("macs"), 2656768);
}

TEST_F(Cli, TheZooRefusesInOneLineAndWritesNothing) {
  expect_refused("zoo DS-CNN", "bitmason zoo: --output is required; see `bitmason zoo --help`", 2);
  expect_refused("zoo DS-CNN --weights 4,4 -o x.onnx",
                 "--weights: DS-CNN has 10 layers with weights and 2 numbers are given; give 10, or one for "
                 "all layers [BM-ZOO-002]");
  expect_refused("zoo DS-CNN --activations 9 -o x.onnx",
                 "--activations: number 1 is 9, outside 1 to 8; give 1 to 8 bits [BM-ZOO-003]");
}

TEST_F(Cli, BadFilesAreRefusedAndNothingIsWritten) {
  expect_refused(
      "import none.onnx -o n.json",
      "none.onnx: cannot read the file (no such file); check the path and its permissions [BM-FILE-001]");
  expect_refused(
      "import . -o n.json",
      ".: cannot read the file (it is a folder); check the path and its permissions [BM-FILE-001]");
  ASSERT_TRUE(write_file(work() / "bad.onnx", "garbage"));
  expect_refused(
      "plan bad.onnx --folding-out f.json",
      "bad.onnx: the 7 bytes are not an ONNX model (no complete protobuf message); export the network "
      "again [BM-ONNX-001]");
  const std::string whole = *read_file(work() / "net.onnx");
  ASSERT_TRUE(write_file(work() / "half.onnx", whole.substr(0, whole.size() / 2)));
  expect_refused("import half.onnx -o n.json",
                 "half.onnx: the " + std::to_string(whole.size() / 2) +
                     " bytes are not an ONNX model (no complete protobuf message); export the network again "
                     "[BM-ONNX-001]");
  expect_refused(
      "plan net.onnx --part xcvu9p --folding-out f.json",
      "xcvu9p: no part has this name; known are ice40up5k, lfe5um5g-85f, xc7z020, xczu3eg, xczu7ev "
      "[BM-FLOW-001]");
  expect_refused("report .",
                 ".: the folder holds no report.json; write it with `bitmason build NET --part P --out DIR` "
                 "[BM-FLOW-007]");
  expect_refused("verify .",
                 ".: the folder holds no design.json; write it with `bitmason build NET --part P --out DIR` "
                 "[BM-FLOW-007]");
}

TEST_F(Cli, BadInputsOfRunAreRefusedAndNothingIsWritten) {
  const std::string whole = *read_file(work() / "x.npy");
  ASSERT_TRUE(write_file(work() / "short.npy", whole.substr(0, whole.size() - 8)));
  expect_refused("run net.onnx --input short.npy --output y.npy",
                 "short.npy: the header promises 256 bytes of data and the file holds 248; save it again "
                 "[BM-NPY-004]");
  ASSERT_TRUE(write_file(work() / "text.npy", "1 2 3"));
  const Outcome text = call("run net.onnx --input text.npy --output y.npy");
  EXPECT_EQ(text.code, 1);
  EXPECT_TRUE(text.err.starts_with("text.npy: is not a .npy file (")) << text.err;
  ASSERT_TRUE(
      write_npy(work() / "wide.npy", {{2, 1, 4, 5}, NpyType::UInt8, std::vector<std::int64_t>(40, 1), {}}));
  expect_refused(
      "run net.onnx --input wide.npy --output y.npy",
      "image: the array has shape (2, 1, 4, 5) and the input needs (1, 1, 4, 4), the first dimension of "
      "any size; reshape it [BM-SIM-001]");
  ASSERT_TRUE(
      write_npy(work() / "nan.npy", {{1, 1, 4, 4}, NpyType::Float32, {}, std::vector<double>(16, NAN)}));
  expect_refused("run net.onnx --input nan.npy --output y.npy",
                 "image: element 0 is nan; give finite values only [BM-SIM-002]");
  expect_refused("run net.onnx --input x.npy --output y.npy --input-type uint8 --input-scale 1/0",
                 "--input-scale: 1/0 is not a rational number; give for example 1/255 [BM-FLOW-002]");
  expect_refused(
      "run net.onnx --input x.npy --output y.npy --input-type uint8 --input-scale 0",
      "--input-scale: --input-scale is 0 and more than 0 is needed; give the real value of one code, for "
      "example 1/255 [BM-IMPORT-005]");
  expect_refused(
      "run net.onnx --input x.npy --output y.npy --input-type byte",
      "--input-type: --input-type is byte and int2..int16 or uint1..uint16 is needed; use for example "
      "uint8 [BM-IMPORT-004]");
  expect_refused("run net.onnx --input picture=x.npy --output y.npy",
                 "picture: the network has no inputs of this name; it has image [BM-FLOW-004]");
  expect_refused("run net.onnx --input '' --output y.npy",
                 "--input: the name of the file is empty; give for example x.npy [BM-FLOW-021]");
  expect_refused("run net.onnx --input x.npy --output y.npy --input-scale 1/255",
                 "--input-scale: has no effect without --input-type; give for example --input-type uint8, or "
                 "leave it out [BM-FLOW-016]");
  expect_refused("plan net.onnx --target-fps 1e300",
                 "--target-fps: 1e+300 is not above 0 and below 1e15; give for example 1000 [BM-FLOW-002]");
  expect_refused("plan net.onnx --clock-mhz inf",
                 "--clock-mhz: inf is not above 0 and below 1e15; give for example 250 [BM-FLOW-002]");
  expect_refused("run net.onnx --input x.npy --output y.npy --engine gpu",
                 "--engine: gpu is not a known engine; choose fast, reference or rtl [BM-FLOW-006]");
}

TEST_F(Cli, FoldersThatCannotBeWrittenAreRefused) {
  // A file where a folder is needed stops every user, root too.
  ASSERT_TRUE(write_file(work() / "file", ""));
  const std::string reason =
      ": cannot write the file (Not a directory); check the folder, its permissions and free space "
      "[BM-FILE-002]";
  expect_refused("import net.onnx -o file/n.json", "file/n.json" + reason);
  expect_refused("export net.onnx --qcdq file/n.onnx", "file/n.onnx" + reason);
  expect_refused("run net.onnx --input x.npy --output file/y.npy", "file/y.npy" + reason);
  const auto before = files();
  const Outcome built = call("build net.onnx --out file/design");
  EXPECT_EQ(built.code, 1);
  EXPECT_EQ(built.out, "");
  EXPECT_NE(built.err.find("[BM-FILE-002]\n"), std::string::npos) << built.err;
  const Outcome on_file = call("build net.onnx --out file");
  EXPECT_EQ(on_file.code, 1);
  EXPECT_NE(
      on_file.err.find("file: cannot put the folder in place (it is a file); check the path, its permissions "
                       "and free space [BM-EMIT-003]\n"),
      std::string::npos)
      << on_file.err;
  EXPECT_EQ(files(), before);
}

TEST_F(Cli, PathsThatCannotExistAreErrorsNotAborts) {
  const std::string deep(5000, 'x');
  expect_refused(
      "import /dev/zero",
      "/dev/zero: the file has more than 268435456 bytes and the limit is 268435456; give a smaller "
      "file [BM-FILE-003]");
  for (const std::string& command : std::vector<std::string>{
           "report " + deep, "verify " + deep, "import " + deep, "build net.onnx --out " + deep,
           "build net.onnx --out ''", "build '' --out d", "verify ''", "report ''",
           "run net.onnx --input " + deep + " --output y.npy", "run net.onnx --input x.npy --output " + deep,
           "run net.onnx --input x.npy --output ''", "plan net.onnx --folding " + deep,
           "plan net.onnx --part " + deep, "import net.onnx -o " + deep, "export net.onnx --qcdq " + deep}) {
    const auto before = files();
    const Outcome outcome = call(command);
    EXPECT_EQ(outcome.code, 1) << command.substr(0, 60) << outcome.err.substr(0, 200);
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.ends_with("]\n")) << outcome.err.substr(0, 200);
    EXPECT_EQ(files(), before);
  }
}

TEST_F(Cli, PathsMayHoldAnEqualsSign) {
  fs::create_directories(work() / "run=3");
  fs::copy_file(work() / "x.npy", work() / "run=3/x.npy");
  const Outcome outcome = call("run net.onnx --input run=3/x.npy --output run=3/y.npy");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(fs::exists(work() / "run=3/y.npy"));
}

TEST_F(Cli, EveryLevelOfVerifyRunsOrSaysWhyNot) {
  // One requantisation: its netlist takes seconds where a convolution's takes minutes.
  test::GraphWriter graph("small");
  const std::string codes = graph.quant(graph.input("x", {1, 2, 2, 2}), {}, {1}, 4, false, false);
  const std::string fewer = graph.quant(codes, {}, {4}, 2, false, false);
  ASSERT_TRUE(onnxio::write_model(work() / "small.onnx", std::move(graph).finish(fewer, {1, 2, 2, 2})));
  ASSERT_EQ(call("build small.onnx --out design").code, 0);
  for (const char* level : {"engine", "rtl", "netlist"}) {
    const Outcome outcome = call("verify design --json --level " + std::string(level));
    ASSERT_EQ(outcome.code, 0) << level << "\n" << outcome.err;
    EXPECT_EQ(Json::parse(outcome.out).at("exact").at(level).at("equal"), true);
  }
  const Outcome all = call("verify design --json --level all");
  ASSERT_EQ(all.code, 0) << all.err;
  EXPECT_EQ(Json::parse(all.out).at("exact").size(), 3U);
  expect_refused("verify design --level hls",
                 "--level: there is no HLS back end yet, so there is nothing to check at level hls; choose "
                 "engine, rtl, netlist or all [BM-FLOW-017]");
  expect_refused("verify design --level gates",
                 "--level: gates is not a known level; choose engine, rtl, netlist or all [BM-FLOW-006]");
}

TEST_F(Cli, ErrorsAreADocumentWithJson) {
  const Outcome failed = call("import none.onnx --json");
  EXPECT_EQ(failed.code, 1);
  EXPECT_EQ(
      Json::parse(failed.out),
      Json({{"errors",
             {{{"code", "BM-FILE-001"},
               {"where", "none.onnx"},
               {"text", "cannot read the file (no such file); check the path and its permissions"}}}}}));
  EXPECT_EQ(
      failed.err,
      "none.onnx: cannot read the file (no such file); check the path and its permissions [BM-FILE-001]\n");
  const Outcome misused = call("plan --json");
  EXPECT_EQ(misused.code, 2);
  EXPECT_EQ(Json::parse(misused.out),
            Json({{"errors",
                   {{{"code", "BM-CLI-001"},
                     {"where", "bitmason plan"},
                     {"text", "network is required; see `bitmason plan --help`"}}}}}));
  const Outcome bytes = call("import 'caf\xe9' --json");
  EXPECT_EQ(bytes.code, 1);
  EXPECT_TRUE(Json::parse(bytes.out, nullptr, false).is_object()) << bytes.out;
}

TEST_F(Cli, ForeignFoldersAreLeftAlone) {
  ASSERT_TRUE(write_file(work() / "mine/notes.txt", "mine"));
  const auto before = files();
  const Outcome built = call("build net.onnx --out mine");
  EXPECT_EQ(built.code, 1);
  EXPECT_EQ(built.out, "");
  EXPECT_TRUE(
      built.err.ends_with("mine: the folder holds 1 entries and no design.json, so it is no design of "
                          "ours; choose another folder or empty it [BM-EMIT-001]\n"))
      << built.err;
  EXPECT_EQ(files(), before);
  EXPECT_EQ(*read_file(work() / "mine/notes.txt"), "mine");
}

TEST_F(Cli, JsonIsOneDocumentAndProgressGoesToStandardError) {
  for (const char* arguments :
       {"import net.onnx", "export net.onnx --qcdq q.onnx", "device list", "device show xczu3eg",
        "device show DSP48E2", "device check", "pack -w 4 -a 4 -k 3", "plan net.onnx",
        "run net.onnx --input x.npy --output y.npy", "build net.onnx --out design",
        "verify design --level engine", "report design"}) {
    const std::string before = std::string(arguments).substr(0, std::string(arguments).find(' '));
    for (const std::string& command :
         {std::string(arguments) + " --json", "--json " + std::string(arguments)}) {
      const Outcome outcome = call(command);
      EXPECT_EQ(outcome.code, 0) << command << "\n" << outcome.err;
      // parse() refuses anything before or after the document.
      const Json json = Json::parse(outcome.out, nullptr, false);
      EXPECT_TRUE(json.is_object()) << command << "\n" << outcome.out;
      const bool long_step = before == "build" || before == "verify";
      EXPECT_EQ(!outcome.err.empty(), long_step) << command << "\n" << outcome.err;
    }
  }
}

TEST_F(Cli, AnswersThatCannotBePrintedAreErrors) {
  const Outcome outcome = call("device list >/dev/full 2>../err; code=$?; : >../out; exit $code #");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err, "bitmason: cannot write to standard output (No space left on device)\n");
}

TEST_F(Cli, RunComputesTheConvolutionOfOnes) {
  // The network may stand between the options.
  const Outcome outcome = call("run --input x.npy net.onnx --output y.npy");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("2 frames through the fast engine in ")) << outcome.out;
  EXPECT_TRUE(outcome.out.ends_with(
      "input image: x.npy (2, 1, 4, 4), codes 3 to 3 of 0 to 15, 0 of 32 values clamped\n"
      "output IntQuant_13_out: y.npy (2, 2, 2, 2) int64\n"))
      << outcome.out;
  const auto y = read_npy(work() / "y.npy");
  ASSERT_TRUE(y);
  EXPECT_EQ(y->shape, (std::vector<std::int64_t>{2, 2, 2, 2}));
  // Nine threes are 27; 27 / 8 rounds to 3; 3 * 8 = 24.
  for (std::size_t i = 0; i < y->size(); ++i) EXPECT_EQ(y->real(i), 24.0);
}

TEST_F(Cli, BuildReplacesItsOwnFolderAndReportReadsIt) {
  ASSERT_EQ(call("build net.onnx --out design").code, 0);
  const auto first = files();
  for (const char* file : {"design/top.sv", "design/design.json", "design/network.json", "design/report.json",
                           "design/report.txt", "design/filelist.f"}) {
    EXPECT_TRUE(first.contains(file)) << file;
  }
  const std::string top = *read_file(work() / "design/top.sv");
  ASSERT_TRUE(write_file(work() / "design/top.sv", "changed"));
  ASSERT_EQ(call("build net.onnx --out design/").code, 0);
  EXPECT_EQ(files(), first);
  EXPECT_EQ(*read_file(work() / "design/top.sv"), top);
  EXPECT_EQ(call("report design").out, *read_file(work() / "design/report.txt"));
  EXPECT_EQ(call("report design --json").out, *read_file(work() / "design/report.json"));
}

}  // namespace
}  // namespace bitmason::cli
