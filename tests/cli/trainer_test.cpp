#include <nlohmann/json.hpp>

#include "cli_case.hpp"

/// The verbs of bitmason-train, which the program starts; scripts take its place.
namespace bitmason::cli {
namespace {

using Json = nlohmann::json;

class Trainer : public Cli {
 protected:
  void SetUp() override {
    Cli::SetUp();
    fs::create_directories(beside());
    fs::copy_file(BITMASON_PROGRAM, beside() / "bitmason");
    program_ = "PATH='" + path().string() + "' '" + (beside() / "bitmason").string() + "'";
  }
  [[nodiscard]] fs::path beside() const { return work() / "bin"; }
  [[nodiscard]] fs::path path() const { return work() / "path"; }

  /// A trainer that tells its name and arguments, one in angle brackets each, and fails with 7.
  static void write_trainer(const fs::path& folder, const std::string& name) {
    const fs::path file = folder / "bitmason-train";
    ASSERT_TRUE(write_file(
        file, "#!/bin/sh\nprintf '" + name + "'\nprintf ' <%s>' \"$@\"\nprintf progress >&2\nexit 7\n"));
    fs::permissions(file, fs::perms::owner_all);
  }
};

TEST_F(Trainer, StartsBesideTheProgramWithArgumentsOutputAndExitCode7) {
  write_trainer(beside(), "beside");
  write_trainer(path(), "path");
  const Outcome outcome = call("train 'a b.onnx' --epochs 3 --help --version");
  EXPECT_EQ(outcome.code, 7);
  EXPECT_EQ(outcome.out, "beside <train> <a b.onnx> <--epochs> <3> <--help> <--version>");
  EXPECT_EQ(outcome.err, "progress");
  EXPECT_EQ(call("--json check net.onnx").out, "beside <check> <--json> <net.onnx>");
  for (const std::string verb : {"quantize", "search", "compare", "evaluate"})
    EXPECT_EQ(call(verb).out, "beside <" + verb + ">");
}

TEST_F(Trainer, StartsFromThePath) {
  write_trainer(path(), "path");
  const Outcome outcome = call("quantize net.onnx");
  EXPECT_EQ(outcome.code, 7);
  EXPECT_EQ(outcome.out, "path <quantize> <net.onnx>");
}

TEST_F(Trainer, WithoutItTheErrorSaysHowToBuildIt) {
  const std::string text = "cannot be started (No such file or directory): it is neither in " +
                           beside().string() +
                           " nor on the PATH; build it with `cmake --preset torch && cmake --build --preset "
                           "torch --target bitmason-train` and call the bitmason beside it";
  expect_refused("check net.onnx", "bitmason-train: " + text + " [BM-FLOW-029]");
  const Outcome outcome = call("check net.onnx --json");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(Json::parse(outcome.out).at("errors").at(0),
            Json({{"code", "BM-FLOW-029"}, {"where", "bitmason-train"}, {"text", text}}));
}

TEST_F(Trainer, ANetworkMayHaveAVerbsName) {
  const Outcome outcome = call("import train");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_TRUE(outcome.err.starts_with("train: cannot read the file")) << outcome.err;
}

}  // namespace
}  // namespace bitmason::cli
