// What is said of a command line that cannot be read.

#include "cli/command_line.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace ordersync::cli {
namespace {

using ::testing::HasSubstr;

std::string complaint(std::vector<std::string> words) {
  words.insert(words.begin(), "ordersync");
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  testing::internal::CaptureStderr();
  const int code = run(static_cast<int>(argv.size()), argv.data());
  const auto said = testing::internal::GetCapturedStderr();
  return code == 2 ? said : "exit code " + std::to_string(code) + ": " + said;
}

TEST(command_line, an_unknown_option_is_told_before_what_follows_from_it) {
  EXPECT_EQ(complaint({"--confg", "x", "status"}), "ordersync: there is no option '--confg'; did you mean --config?\n");
  EXPECT_THAT(complaint({"--verison"}), HasSubstr("'--verison'; did you mean --version?"));
  EXPECT_THAT(complaint({"status", "--acount", "main"}), HasSubstr("'--acount'; did you mean --account?"));
  EXPECT_THAT(complaint({"backfill", "create", "--form=7d", "--to", "today"}),
              HasSubstr("'--form'; did you mean --from?"));
  EXPECT_THAT(complaint({"status", "--qqqqqqqqqqqqqqqqqq"}),
              HasSubstr("'--qqqqqqqqqqqqqqqqqq'; ordersync help status shows those there are"));
}

TEST(command_line, an_unknown_option_of_one_dash_is_told_with_the_nearest_of_two) {
  EXPECT_THAT(complaint({"verify", "-from", "7d", "--to", "today"}), HasSubstr("'-from'; did you mean --from?"));
  EXPECT_THAT(complaint({"verify", "-form=7d", "--to", "today"}), HasSubstr("'-form'; did you mean --from?"));
  EXPECT_THAT(complaint({"-V"}), HasSubstr("there is no option '-V'; did you mean --version?"));
  EXPECT_THAT(complaint({"status", "-j"}), HasSubstr("'-j'; did you mean --json?"));
  EXPECT_THAT(complaint({"status", "-x"}), HasSubstr("there is no option '-x'; ordersync help status shows those"));
}

TEST(command_line, what_somebody_wrote_is_shown_by_its_beginning) {
  const std::string digits(309, '1');
  const auto forty = digits.substr(0, 40);
  EXPECT_THAT(complaint({"export", "orders", "--format", "csv", "--split", digits}),
              HasSubstr("'" + forty + "...' is"));
  EXPECT_THAT(complaint({"status", "--" + digits}), HasSubstr("'--" + digits.substr(0, 38) + "...';"));
  EXPECT_THAT(complaint({digits}), HasSubstr("'" + forty + "...';"));
}

TEST(command_line, an_unknown_command_is_told_with_the_nearest) {
  EXPECT_THAT(complaint({"--config", "x", "statsu"}), HasSubstr("there is no command 'statsu'; did you mean status?"));
  EXPECT_THAT(complaint({"backfill", "lst"}),
              HasSubstr("there is no command 'backfill lst'; did you mean backfill list?"));
  EXPECT_THAT(complaint({"help", "status", "coverage"}),
              HasSubstr("there is no command 'status coverage': status has none below it"));
}

TEST(command_line, what_is_missing_is_told_where_all_words_are_known) {
  EXPECT_THAT(complaint({"backfill", "create", "--to", "today"}),
              HasSubstr("--from is required: start of the range: 2024-05-07"));
  EXPECT_THAT(complaint({"export", "--format", "csv"}),
              HasSubstr("what is required: orders, items, payments or shipments"));
}

}  // namespace
}  // namespace ordersync::cli
