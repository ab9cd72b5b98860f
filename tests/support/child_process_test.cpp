#include "support/child_process.hpp"

#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <system_error>

namespace ordersync::test_support {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

child_options shell(const std::string& script) {
  child_options options;
  options.argv = {"/bin/sh", "-c", script};
  return options;
}

TEST(child_process, output_and_exit_code_are_collected) {
  const auto done = run_process(shell("echo out; echo err >&2; exit 6"));
  EXPECT_EQ(done.status.code, 6);
  EXPECT_EQ(done.out, "out\n");
  EXPECT_EQ(done.err, "err\n");
}

TEST(child_process, environment_is_added_and_replaced) {
  auto options = shell("echo \"$NEW $HOME\"; [ -n \"$PATH\" ]");
  options.env = {{"NEW", "one"}, {"HOME", "two"}};
  const auto done = run_process(options);
  EXPECT_EQ(done.out, "one two\n");
  EXPECT_EQ(done.status.code, 0);
}

TEST(child_process, a_line_is_waited_for_while_the_process_runs) {
  child_process child{shell("echo listening on 127.0.0.1:4; read never; cat /dev/zero")};
  EXPECT_EQ(child.wait_for_stdout("listening on"), "listening on 127.0.0.1:4");
}

TEST(child_process, a_line_that_never_comes_ends_with_the_stream) {
  child_process child{shell("echo something else; printf 'listening on, unfinished'")};
  EXPECT_EQ(child.wait_for_stdout("listening on"), std::nullopt);
}

TEST(child_process, a_signal_reaches_it_and_is_reported) {
  child_process child{shell("exec sleep 1000")};
  EXPECT_EQ(child.wait(milliseconds{1}), std::nullopt);
  child.signal(SIGTERM);
  EXPECT_EQ(child.wait(), (exit_status{.code = std::nullopt, .signal = SIGTERM}));
  child.signal(SIGTERM);  // to nobody
}

TEST(child_process, a_missing_program_is_an_error_at_once) {
  child_options options;
  options.argv = {"/nonexistent/program"};
  EXPECT_THROW(child_process{options}, std::system_error);
}

TEST(child_process, destruction_kills_its_whole_group) {
  const temp_dir directory;
  const auto fifo = (directory.path() / "fifo").string();
  ASSERT_EQ(run_process(shell("mkfifo " + fifo)).status.code, 0);
  child_process reader{shell("cat " + fifo + "; echo closed")};
  {
    child_process parent{shell("(echo started; exec sleep 1000) >" + fifo + " & echo ready; wait")};
    ASSERT_TRUE(parent.wait_for_stdout("ready"));
    ASSERT_TRUE(reader.wait_for_stdout("started"));
  }
  EXPECT_TRUE(reader.wait_for_stdout("closed"));  // nobody holds the fifo any more
}

TEST(child_process, assignment_ends_the_one_before) {
  child_process child{shell("exec sleep 1000")};
  child = child_process{shell("exit 3")};
  EXPECT_EQ(child.wait(), (exit_status{.code = 3, .signal = std::nullopt}));
}

}  // namespace
}  // namespace ordersync::test_support
