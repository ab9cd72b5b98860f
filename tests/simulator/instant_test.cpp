#include "instant.hpp"

#include <gtest/gtest.h>

namespace pandapon_sim {
namespace {

TEST(instant, a_bare_date_is_midnight_of_the_vendors_zone) {
  EXPECT_EQ(parse_argument_time("2024-05-07"), 1'715'011'200'000);
  EXPECT_EQ(parse_argument_time("2024-05-07T09:52:00+08:00"), 1'715'046'720'000);
  EXPECT_EQ(parse_argument_time("2024-05-07T01:52:00Z"), 1'715'046'720'000);
  EXPECT_EQ(parse_argument_time("2024-05-06T21:52:00-04:00"), 1'715'046'720'000);
}

TEST(instant, what_is_no_time_is_refused) {
  for (const char* text : {"", "2024-5-07", "2024-02-30", "2024-05-07T", "2024-05-07T24:00:00", "2024-05-07 ", "x"})
    EXPECT_EQ(parse_argument_time(text), std::nullopt) << text;
}

TEST(instant, requests_write_times_without_a_zone) {
  EXPECT_EQ(parse_request_time("2024-05-07 09:52:00"), 1'715'046'720'000);
  EXPECT_EQ(parse_request_time("2024-05-07 9:52:00"), 1'715'046'720'000);
  for (const char* text : {"2024-05-07", "2024-05-07T09:52:00", "2024-05-07 09:52", "2024-05-07 09:52:00.5", "null"})
    EXPECT_EQ(parse_request_time(text), std::nullopt) << text;
}

TEST(instant, the_truth_shows_milliseconds_in_utc) {
  std::string out;
  append_iso_utc(out, 1'715'046'720'042);
  EXPECT_EQ(out, "2024-05-07T01:52:00.042Z");
}

TEST(instant, the_date_header_has_the_form_of_http) {
  EXPECT_EQ(http_date(784'111'777'000), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(instant, durations_carry_a_unit) {
  EXPECT_EQ(parse_duration_ms("50ms"), 50);
  EXPECT_EQ(parse_duration_ms("2s"), 2000);
  EXPECT_EQ(parse_duration_ms("3h"), 10'800'000);
  EXPECT_EQ(parse_duration_ms("31d"), 2'678'400'000);
  EXPECT_EQ(parse_duration_ms("0"), 0);
  EXPECT_EQ(parse_duration_ms("5"), std::nullopt);
  EXPECT_EQ(parse_duration_ms("-5s"), std::nullopt);
}

TEST(instant, offsets_of_zones_have_a_sign) {
  EXPECT_EQ(parse_zone_ms("+09:00"), 32'400'000);
  EXPECT_EQ(parse_zone_ms("-05:30"), -19'800'000);
  for (const char* text : {"", "09:00", "+9:00", "+0900", "+24:00", "Z"}) EXPECT_EQ(parse_zone_ms(text), std::nullopt);
}

}  // namespace
}  // namespace pandapon_sim
