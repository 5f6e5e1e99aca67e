#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include "base/file.hpp"
#include "base/npy.hpp"
#include "support/graph_writer.hpp"

namespace bitmason::cli {

namespace fs = std::filesystem;

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

/// A folder that is the working directory of every call; holds net.onnx and x.npy.
class Cli : public testing::Test {
 protected:
  void SetUp() override {
    const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = fs::temp_directory_path() / ("bitmason_cli_" + name + "_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(work());
    ASSERT_TRUE(onnxio::write_model(work() / "net.onnx", network()));
    ASSERT_TRUE(
        write_npy(work() / "x.npy", {{2, 1, 4, 4}, NpyType::Int64, std::vector<std::int64_t>(32, 3), {}}));
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] fs::path work() const { return folder_ / "work"; }

  /// The program that call() runs, with what stands before it on the command line.
  std::string program_ = "'" BITMASON_PROGRAM "'";

  /// Runs in work(); what the program prints goes to files beside it.
  [[nodiscard]] Outcome call(const std::string& arguments) const {
    const std::string command =
        "cd '" + work().string() + "' && " + program_ + " " + arguments + " >../out 2>../err </dev/null";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, *read_file(folder_ / "out"),
            *read_file(folder_ / "err")};
  }

  [[nodiscard]] std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(work()))
      names.insert(fs::relative(entry.path(), work()).generic_string());
    return names;
  }

  /// The call fails with this one line, prints nothing else and leaves every file as it was.
  void expect_refused(const std::string& arguments, const std::string& line, int code = 1) const {
    const auto before = files();
    const Outcome outcome = call(arguments);
    EXPECT_EQ(outcome.code, code) << arguments;
    EXPECT_EQ(outcome.out, "") << arguments;
    EXPECT_EQ(outcome.err, line + "\n") << arguments;
    EXPECT_EQ(files(), before) << arguments;
  }

 private:
  /// (1, 1, 4, 4) in 4 unsigned bits of scale 1; a 3x3 convolution of ones to 2 channels; 3 bits of scale 8.
  static onnxio::Model network() {
    test::GraphWriter graph("net");
    const std::string x = graph.quant(graph.input("image", {1, 1, 4, 4}), {}, {1}, 4, false, false);
    const std::string weights =
        graph.quant(graph.constant({2, 1, 3, 3}, std::vector<double>(18, 1)), {}, {1}, 2, true, true);
    const std::string y =
        graph.node("Conv", {x, weights}, {{"kernel_shape", std::vector<std::int64_t>{3, 3}}});
    return std::move(graph).finish(graph.quant(y, {}, {8}, 3, false, false), {1, 2, 2, 2});
  }

  fs::path folder_;
};

}  // namespace bitmason::cli
