#include "cli/text/output.hpp"

#include "core/local_time.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

namespace ordersync::cli::text {
namespace {

using namespace std::chrono_literals;

// ESC, CR, LF, C1's CSI, a right-to-left override, an isolate, an invalid byte.
const std::string nasty =
    "a\x1b[2J\r\nb\xC2\x9B"
    "c\xE2\x80\xAE"
    "d\xE2\x81\xA6"
    "e\xFF";
const std::string shown = "a\\u001b[2J\\r\\nb\\u009bc\\u202ed\\u2066e\xEF\xBF\xBD";

struct output : ::testing::Test {
  void SetUp() override { ::testing::internal::CaptureStdout(); }
  void TearDown() override { show_moments_in(0min); }
  static std::string printed() {
    std::fflush(stdout);
    return ::testing::internal::GetCapturedStdout();
  }
};

TEST_F(output, a_line_stays_one_line_and_steers_no_terminal) {
  print("reason " + nasty);
  EXPECT_EQ(printed(), "reason " + shown + "\n");
}

TEST_F(output, a_text_is_shown_with_the_moments_that_are_in_it) {
  show_moments_in(480min);
  print_text("{\"at\":\"2024-05-07T01:52:00Z\"}\x1b");
  EXPECT_EQ(printed(), "{\"at\":\"2024-05-07T01:52:00Z\"}\\u001b\n");
}

TEST_F(output, json_has_utc_and_its_controls_escaped) {
  show_moments_in(480min);
  print_json(boost::json::value("2024-05-07T01:52:00Z \xE2\x80\xAE"));
  EXPECT_EQ(printed(), "\"2024-05-07T01:52:00Z \\u202e\"\n");
}

TEST_F(output, moments_in_a_line_are_of_the_zone_of_the_api) {
  show_moments_in(480min);
  print("held from 2024-05-07T16:00:00Z/2024-05-07T17:00:00.123Z on");
  EXPECT_EQ(printed(), "held from 2024-05-08T00:00:00+08:00/2024-05-08T01:00:00.123+08:00 on\n");
}

TEST_F(output, several_lines_stay_several) {
  print_lines("one\n\ntwo\n");
  EXPECT_EQ(printed(), "one\n\ntwo\n");
}

TEST(stderr_output, is_as_safe) {
  ::testing::internal::CaptureStderr();
  say(nasty);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), shown + "\n");
}

TEST(in_zone, leaves_what_is_no_moment) {
  for (const char* text : {"2024-05-07", "2024-13-07T01:52:00Z", "2024-05-07T25:00:00Z", "2024-05-07T01:52:00+08:00",
                           "92024-05-07T01:52:00Z", "2024-05-07T01:52:00.1Z", "2024-05-07T01:52:00"})
    EXPECT_EQ(core::in_zone(text, 480min), text);
  EXPECT_EQ(core::in_zone("2024-05-07T01:52:00Z", -210min), "2024-05-06T22:22:00-03:30");
}

TEST(fitting, cuts_between_characters_that_fit) {
  EXPECT_EQ(fitting("abcdef", 6), "abcdef");
  EXPECT_EQ(fitting("abcdef", 5), "abcde");
  EXPECT_EQ(fitting("a订单b", 4), "a订");
  EXPECT_EQ(fitting("a", 0), "");
}

}  // namespace
}  // namespace ordersync::cli::text
