#include "config/values.hpp"

#include <gtest/gtest.h>

namespace ordersync::config {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr std::chrono::seconds china = 8h;

TEST(values, a_duration_is_a_number_and_a_unit) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("10s"), 10s);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("2h"), 2h);
  EXPECT_EQ(parse_duration("3d"), 72h);
  EXPECT_EQ(parse_duration("0s"), 0s);
}

TEST(values, nothing_else_is_a_duration) {
  for (const char* text : {"", "10", "s", "10 s", " 10s", "10s ", "-1s", "+1s", "-0s", "1.5h", "1h30m", "10S", "0x10s",
                           "1e3s", "99999999999999999999s", "9223372036854775807d", "9223372036854775807ms"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(values, a_size_is_a_number_and_a_binary_unit) {
  EXPECT_EQ(parse_size("0B"), 0);
  EXPECT_EQ(parse_size("512B"), 512);
  EXPECT_EQ(parse_size("64KiB"), 65'536);
  EXPECT_EQ(parse_size("64MiB"), 67'108'864);
  EXPECT_EQ(parse_size("8GiB"), 8'589'934'592);
}

TEST(values, nothing_else_is_a_size) {
  for (const char* text : {"", "64", "64MB", "64M", "64 MiB", "-1B", "1.5MiB", "MiB", "9223372036854775807KiB"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(values, a_utc_offset_has_a_sign_hours_and_minutes) {
  EXPECT_EQ(parse_utc_offset("+08:00"), 8h);
  EXPECT_EQ(parse_utc_offset("-03:30"), -(3h + 30min));
  EXPECT_EQ(parse_utc_offset("+00:00"), 0s);
  EXPECT_EQ(parse_utc_offset("Z"), 0s);
  EXPECT_EQ(parse_utc_offset("+14:00"), 14h);
  for (const char* text :
       {"", "8", "08:00", "+8:00", "+0800", "+08", "+08:60", "+14:01", "+08:00 ", "z", "+-8:00", "Asia/Shanghai"}) {
    EXPECT_EQ(parse_utc_offset(text), std::nullopt) << text;
  }
}

TEST(values, a_bare_date_is_midnight_in_the_zone) {
  EXPECT_EQ(parse_time_point("2024-05-07", china), sys_days{2024y / 5 / 6} + 16h);
  EXPECT_EQ(parse_time_point("2024-05-07", -5h), sys_days{2024y / 5 / 7} + 5h);
  EXPECT_EQ(parse_time_point("2024-02-29", 0s), sys_days{2024y / 2 / 29});
}

TEST(values, a_time_with_an_offset_needs_no_zone) {
  const auto expected = sys_days{2024y / 5 / 7} + 1h + 52min;
  EXPECT_EQ(parse_time_point("2024-05-07T09:52:00+08:00", china), expected);
  EXPECT_EQ(parse_time_point("2024-05-07T09:52:00+08:00", -5h), expected);
  EXPECT_EQ(parse_time_point("2024-05-07T01:52:00Z", china), expected);
}

TEST(values, a_time_without_an_offset_is_in_the_zone) {
  EXPECT_EQ(parse_time_point("2024-05-07T09:52:00", china), sys_days{2024y / 5 / 7} + 1h + 52min);
}

TEST(values, nothing_else_is_a_time) {
  for (const char* text : {"",
                           "yesterday",
                           "2024",
                           "2024-05",
                           "2024-5-7",
                           "2024-02-30",
                           "2023-02-29",
                           "2024-13-01",
                           "2024-00-10",
                           "2024-05-00",
                           "1969-12-31",
                           "2024-05-07T",
                           "2024-05-07 09:52:00",
                           "2024-05-07T09:52",
                           "2024-05-07T24:00:00",
                           "2024-05-07T09:60:00",
                           "2024-05-07T09:52:60",
                           "2024-05-07T09:52:00.5",
                           "2024-05-07T09:52:00+8",
                           "2024-05-07T09:52:00+08:00 ",
                           " 2024-05-07",
                           "20240507",
                           "+024-05-07",
                           "2024-05-07Z"}) {
    EXPECT_EQ(parse_time_point(text, china), std::nullopt) << text;
  }
}

TEST(values, a_person_may_also_write_a_month_a_day_in_words_or_an_age) {
  const auto zone = 8h;
  const sys_seconds now = sys_days{2024y / 5 / 7} + 17h;  // 01:00 of the 8th in the zone
  EXPECT_EQ(parse_moment("2024-05-07", zone, now), parse_time_point("2024-05-07", zone));
  EXPECT_EQ(parse_moment("2024-05", zone, now), parse_time_point("2024-05-01", zone));
  EXPECT_EQ(parse_moment("today", zone, now), parse_time_point("2024-05-08", zone));
  EXPECT_EQ(parse_moment("yesterday", zone, now), parse_time_point("2024-05-07", zone));
  EXPECT_EQ(parse_moment("now", zone, now), now);
  EXPECT_EQ(parse_moment("7d", zone, now), now - 7 * 24h);
  EXPECT_EQ(parse_moment("90m", zone, now), now - 90min);
  for (const auto* none : {"", "tomorrow", "2024-13", "2024-5", "7", "-7d", "7 d", "Today", "200000d"})
    EXPECT_FALSE(parse_moment(none, zone, now)) << none;
}

}  // namespace
}  // namespace ordersync::config
