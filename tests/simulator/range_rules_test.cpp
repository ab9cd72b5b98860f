#include "behaving.hpp"

#include <string>

namespace pandapon_sim::testing {
namespace {

TEST(clamp_range, cuts_a_long_range_at_its_end) {
  world plain = behaving("");
  world w = behaving("--clamp-range 3h");
  const auto first_hours = listed(plain, between("06:00:00", "09:00:00"));
  ASSERT_FALSE(first_hours.empty());
  EXPECT_EQ(listed(w, between("06:00:00", "12:00:00")), first_hours);
  EXPECT_EQ(total(w, between("06:00:00", "12:00:00")), std::ssize(first_hours));
  EXPECT_EQ(listed(w, from("06:00:00")), first_hours);  // until now, which is noon
  EXPECT_EQ(listed(w, between("06:30:00", "08:30:00")), listed(plain, between("06:30:00", "08:30:00")));
  EXPECT_EQ(total(w), 300);
}

TEST(clamp_range, may_cut_it_at_its_begin) {
  world plain = behaving("");
  world w = behaving("--clamp-range 3h,begin");
  const auto last_hours = listed(plain, between("09:00:00", "12:00:00"));
  EXPECT_EQ(listed(w, between("06:00:00", "12:00:00")), last_hours);
  EXPECT_EQ(listed(w, until("12:00:00")), last_hours);
  world without_begin = behaving("--clamp-range 3h");
  EXPECT_EQ(listed(without_begin, until("12:00:00")), last_hours);
}

TEST(clamp_range, holds_for_look_ups_with_times_too) {
  world w = behaving("--clamp-range 1h");
  const std::string last = look_up(number_at(w, 299));
  EXPECT_EQ(total(w, last), 1);
  EXPECT_EQ(total(w, last + "," + between("00:00:00", "23:59:59")), 0);
  EXPECT_EQ(total(w, last + "," + between("23:00:00", "23:59:59")), 1);
}

TEST(filter_zone, shifts_what_is_listed) {
  world plain = behaving("");
  world east = behaving("--filter-zone +09:00");
  world between_hours = behaving("--filter-zone +08:30");
  world west = behaving("--filter-zone=-05:00");
  EXPECT_EQ(listed(east, between("10:00:00", "11:00:00")), listed(plain, between("09:00:00", "10:00:00")));
  EXPECT_EQ(listed(between_hours, between("10:00:00", "11:00:00")), listed(plain, between("09:30:00", "10:30:00")));
  EXPECT_EQ(listed(west, between("00:00:00", "02:00:00")), listed(plain, between("13:00:00", "15:00:00")));
}

TEST(filter_zone, may_begin_later) {
  world plain = behaving("");
  world w = behaving("--filter-zone +09:00 --filter-zone-after 5m");
  const std::string hour = between("10:00:00", "11:00:00");
  EXPECT_EQ(listed(w, hour, noon + 299'999), listed(plain, hour));
  EXPECT_EQ(listed(w, hour, noon + 300'000), listed(plain, between("09:00:00", "10:00:00")));
}

TEST(refuse_range, refuses_longer_ones_with_a_code_in_a_200) {
  world w = behaving("--refuse-range 2h");
  const reply got = handle_page(w, ask(page_of(between("10:00:00", "12:00:01"))), noon);
  EXPECT_EQ(got.status, 200U);
  const auto body = boost::json::parse(got.body).as_object();
  EXPECT_EQ(integer(body, "code"), 50099);
  EXPECT_EQ(body.at("msg"), "查询条件不合法");
  EXPECT_TRUE(body.at("data").is_null());
  EXPECT_EQ(code(w, between("10:00:00", "12:00:00")), 200);
  EXPECT_EQ(code(w, from("09:59:59")), 50099);
  EXPECT_EQ(code(w, until("12:00:00")), 50099);
  EXPECT_EQ(code(w), 200);
}

TEST(refuse_near_now, refuses_an_end_that_is_too_late) {
  world w = behaving("--refuse-near-now 2m");
  EXPECT_EQ(code(w, between("10:00:00", "11:58:00")), 200);
  EXPECT_EQ(code(w, between("10:00:00", "11:58:01")), 50099);
  EXPECT_EQ(code(w, from("10:00:00")), 50099);
}

TEST(max_depth, refuses_pages_further_down) {
  world w = behaving("--max-depth 200 --refuse-as 40301,太深");
  const auto answer = [&](int number) { return reply_to(w, page_of("", number, 50)); };
  EXPECT_EQ(integer(answer(4), "code"), 200);
  EXPECT_EQ(integer(answer(5), "code"), 40301);
  EXPECT_EQ(answer(5).at("msg"), "太深");
}

TEST(round_filter, floors_both_ends) {
  world plain = behaving("");
  const auto same = [&](const std::string& unit, const std::string& begin, const std::string& end) {
    world w = behaving("--round-filter " + unit);
    return listed(w, between("10:35:40", "12:25:50")) == listed(plain, between(begin, end));
  };
  EXPECT_TRUE(same("none", "10:35:40", "12:25:50"));
  EXPECT_TRUE(same("minute", "10:35:00", "12:25:00"));
  EXPECT_TRUE(same("hour", "10:00:00", "12:00:00"));
  EXPECT_TRUE(same("day", "00:00:00", "00:00:00"));
}

TEST(filters, may_not_be_obeyed) {
  world times = behaving("--ignore-times");
  world status = behaving("--ignore-status");
  world number = behaving("--ignore-number");
  const std::string all_three = between("10:00:00", "10:00:01") + R"(,"orderStatus":5,"tbOrderId":"17")";
  for (world* w : {&times, &status, &number}) EXPECT_EQ(total(*w, all_three), 0);
  EXPECT_EQ(total(times, between("10:00:00", "10:00:01")), 300);
  EXPECT_EQ(total(status, R"("orderStatus":5)"), 300);
  EXPECT_EQ(total(number, R"("tbOrderId":"17")"), 300);
}

TEST(flags, with_wrong_values_or_without_what_they_need_are_refused) {
  for (const char* flags : {"--clamp-range 3",
                            "--clamp-range 3h,end",
                            "--filter-zone 9",
                            "--filter-zone +25:00",
                            "--filter-zone-after 5m",
                            "--refuse-as x",
                            "--twice 101",
                            "--twice-counted",
                            "--hide-older-after 5m",
                            "--throttle-as later",
                            "--same-page --repeat-last-page",
                            "--total-of-page --total-of-lines",
                            "--no-date --date-skew 8h",
                            "--date-fixed yesterday",
                            "--gzip zip",
                            "--challenge 500",
                            "--challenge-for 5s",
                            "--null-empty --absent-empty",
                            "--leading blank",
                            "--odd-statuses -1",
                            "--round-filter week",
                            "--fat much",
                            "--account k:s",
                            "--account k:s:101",
                            "--close-delimited --close-delimited-rude"})
    EXPECT_EQ(parsed(flags).leave_with, 2) << flags;
}

}  // namespace
}  // namespace pandapon_sim::testing
