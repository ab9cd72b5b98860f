#include "fault_file.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace pandapon_sim {
namespace {

std::string error_of(const std::string& text) {
  try {
    fault_plan::parse(text);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(fault_file, names_requests_one_by_one_and_in_ranges) {
  const auto plan = fault_plan::parse("# a comment\n\nat 3 status 500\nat 5-7 delay 2s\nfrom 9 close\r\n");
  for (const std::uint64_t number : {1U, 2U, 4U, 8U}) EXPECT_TRUE(plan.at(1, number).empty()) << number;
  for (const std::uint64_t number : {3U, 5U, 6U, 7U, 9U, 1000U}) EXPECT_EQ(plan.at(1, number).size(), 1U) << number;
  EXPECT_EQ(plan.at(1, 3)[0].number, 500);
  EXPECT_EQ(plan.at(1, 6)[0].number, 2000);
  EXPECT_EQ(plan.at(1, 9)[0].what, action::close);
}

TEST(fault_file, names_every_so_many_and_chances_by_the_seed) {
  const auto plan = fault_plan::parse("every 13 stall\nchance 10 empty\n");
  int stalls = 0, empties = 0;
  for (std::uint64_t number = 1; number <= 1300; ++number)
    for (const fault& f : plan.at(7, number)) ++(f.what == action::stall ? stalls : empties);
  EXPECT_EQ(stalls, 100);
  EXPECT_GT(empties, 90);
  EXPECT_LT(empties, 170);
}

TEST(fault_file, counts_calls_about_one_order_by_themselves_where_a_line_says_so) {
  const auto plan = fault_plan::parse("detail at 2 status 500\nat 9 close\n");
  EXPECT_TRUE(plan.at(1, 2).empty());
  EXPECT_EQ(plan.at(1, 7, 2).size(), 1U);
  EXPECT_EQ(plan.at(1, 9, 2).size(), 2U);
  EXPECT_EQ(error_of("detail soon status 500"), "line 1: expected at, from, every or chance, got 'soon'");
}

TEST(fault_file, lines_about_one_request_act_together) {
  const auto found = fault_plan::parse("at 1 total +5\nat 1 slow 64KiB").at(1, 1);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].sign, '+');
  EXPECT_EQ(found[1].number, 65'536);
}

TEST(fault_file, arguments_may_hold_blanks) {
  const auto found =
      fault_plan::parse("at 1 code 50001 try again later\nat 1 status 503 retry-after Wed, 1 Jan\n").at(1, 1);
  EXPECT_EQ(found[0].text, "try again later");
  EXPECT_EQ(found[1].text, "Wed, 1 Jan");
}

TEST(fault_file, every_action_of_the_table_can_be_written) {
  for (const fault_kind& kind : fault_kinds()) {
    std::string line = "at 1 " + std::string(kind.name);
    switch (kind.takes) {
      case argument::count:
        line += " 100";
        break;
      case argument::change:
        line += " -1";
        break;
      case argument::duration:
        line += " 5ms";
        break;
      case argument::reply:
        line += " 503";
        break;
      case argument::code:
        line += " 50001";
        break;
      case argument::text:
        line += " X-Name value";
        break;
      default:
        break;
    }
    EXPECT_EQ(error_of(line), "");
    EXPECT_EQ(fault_plan::parse(line).at(1, 1)[0].what, kind.what);
    EXPECT_NE(fault_help().find(kind.name), std::string::npos);
  }
}

TEST(fault_file, mistakes_are_reported_with_their_line) {
  EXPECT_EQ(error_of("at 1 close\n\nwhen 2 close"), "line 3: expected at, from, every or chance, got 'when'");
  EXPECT_EQ(error_of("at x close"), "line 1: expected a request number, 1 or greater, got 'x'");
  EXPECT_EQ(error_of("at 0 close"), "line 1: expected a request number, 1 or greater, got '0'");
  EXPECT_EQ(error_of("at 9-8 close"), "line 1: expected a request number, 1 or greater, got '9-8'");
  EXPECT_EQ(error_of("every 0 close"), "line 1: expected a request number, 1 or greater, got '0'");
  EXPECT_EQ(error_of("chance 101 close"), "line 1: expected a percentage, got '101'");
  EXPECT_EQ(error_of("at 1 explode"), "line 1: unknown action, see --help, got 'explode'");
  EXPECT_EQ(error_of("at 1"), "line 1: unknown action, see --help, got ''");
  EXPECT_EQ(error_of("at 1 cut"), "line 1: expected a count such as 100, 64KiB or 80MiB, got ''");
  EXPECT_EQ(error_of("at 1 total 5"), "line 1: expected +N, -N or =N, got '5'");
  EXPECT_EQ(error_of("at 1 status 99"), "line 1: expected an HTTP status from 200 to 599, got '99'");
  EXPECT_EQ(error_of("at 1 status 503 later"), "line 1: only 'retry-after VALUE' may follow a status, got 'later'");
  EXPECT_EQ(error_of("at 1 delay 5"), "line 1: expected a duration such as 500ms or 2s, got '5'");
  EXPECT_EQ(error_of("at 1 close now"), "line 1: expected nothing more, got 'now'");
  EXPECT_EQ(error_of("at 1 body"), "line 1: expected a text, got ''");
}

}  // namespace
}  // namespace pandapon_sim
