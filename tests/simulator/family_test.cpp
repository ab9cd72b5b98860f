#include "family.hpp"

#include "behaving.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace pandapon_sim::testing {
namespace {

std::string typed(std::uint64_t number, std::uint32_t orders = 2000) {
  std::string out;
  for (const drawn_flag& flag : draw_family(number, orders)) out += (out.empty() ? "" : " ") + written_out(flag);
  return out;
}

/// With what is drawn of the order detail.
std::string typed_with_detail(std::uint64_t number) {
  std::string out = typed(number);
  for (const drawn_flag& flag : draw_detail_family(number)) out += " " + written_out(flag);
  return out;
}

TEST(family, is_the_same_for_the_same_number_everywhere) {
  EXPECT_EQ(typed(1), "--ignore-status --challenge 403 --challenge-from 3s --challenge-for 2s --refuse-near-now 10m");
  EXPECT_EQ(typed(2), "--absent-empty --clamp-range 1d --ignore-status");
  std::set<std::string> all;
  for (std::uint64_t number = 0; number < 300; ++number) all.insert(typed(number));
  EXPECT_GT(all.size(), 290U);
}

TEST(family, can_be_typed_whatever_was_drawn) {
  for (std::uint64_t number = 0; number < 1000; ++number)
    EXPECT_FALSE(parsed(typed_with_detail(number), 2000).leave_with) << typed_with_detail(number);
}

TEST(family, has_begun_within_20_s) {
  std::int64_t latest = 0;
  for (std::uint64_t number = 0; number < 1000; ++number)
    latest = std::max(latest, last_change_ms(parsed(typed(number), 2000).set.behaves));
  EXPECT_EQ(latest, 20'000);
}

TEST(behaviours_that_begin_later, are_shown_by_the_counters) {
  world w =
      behaving("--filter-zone +09:00 --filter-zone-after 5m --challenge 403 --challenge-from 6m --challenge-for 1m");
  const auto left = [&w](epoch_ms now) {
    request asked;
    asked.method = "GET";
    asked.path = "/_stats";
    return integer(boost::json::parse(handle_control(w, asked, now).body).as_object(), "changes_left_ms");
  };
  EXPECT_EQ(left(noon), 420'000);
  EXPECT_EQ(left(noon + 419'000), 1'000);
  EXPECT_EQ(left(noon + 421'000), 0);
  w = behaving("--filter-zone +09:00 --hide-finished");
  EXPECT_EQ(left(noon), 0);
}

TEST(family, draws_every_behaviour_and_none_that_nobody_could_live_with) {
  std::map<std::string, int> drawn;
  for (std::uint64_t number = 0; number < 1000; ++number)
    for (const drawn_flag& flag : draw_family(number, 100'000)) ++drawn[flag.name];
  for (const char* name : {"--clamp-range",
                           "--filter-zone",
                           "--filter-zone-after",
                           "--round-filter",
                           "--refuse-range",
                           "--refuse-near-now",
                           "--max-depth",
                           "--refuse-as",
                           "--cap-total",
                           "--hide-finished",
                           "--hide-finished-after",
                           "--hide-finished-keeps-look-ups",
                           "--ignore-status",
                           "--ignore-number",
                           "--repeat-last-page",
                           "--same-page",
                           "--total-of-lines",
                           "--total-of-page",
                           "--twice",
                           "--twice-counted",
                           "--rate-limit",
                           "--throttle-as",
                           "--no-date",
                           "--date-fixed",
                           "--date-skew",
                           "--challenge",
                           "--challenge-from",
                           "--challenge-for",
                           "--gzip",
                           "--close-delimited",
                           "--null-empty",
                           "--absent-empty",
                           "--leading",
                           "--fat",
                           "--status-words",
                           "--odd-statuses"})
    EXPECT_GT(drawn[name], 5) << name;
  EXPECT_EQ(drawn.size(), 36U);
}

TEST(family, draws_one_behaviour_of_the_order_detail_or_none) {
  std::map<std::string, int> drawn;
  for (std::uint64_t number = 0; number < 1000; ++number) {
    const auto flags = draw_detail_family(number);
    ASSERT_LE(flags.size(), 1U);
    ++drawn[flags.empty() ? "none" : flags.front().name];
  }
  for (const char* name :
       {"none", "--detail-numbers", "--detail-thirds", "--detail-words", "--detail-lag", "--detail-wrong"})
    EXPECT_GT(drawn[name], 100) << name;
  EXPECT_EQ(drawn.size(), 6U);
}

TEST(family, caps_what_there_is) {
  for (std::uint64_t number = 0; number < 1000; ++number)
    for (const drawn_flag& flag : draw_family(number, 3000)) {
      if (flag.name == "--cap-total") {
        EXPECT_LT(std::stoi(flag.value), 3000);
      }
    }
}

TEST(family, on_the_command_line_is_shown_and_obeyed_but_for_what_is_given) {
  std::uint64_t number = 0;
  while (!typed(number).starts_with("--clamp-range")) ++number;
  ::testing::internal::CaptureStderr();
  const options set = parsed("--family " + std::to_string(number), 2000).set;
  EXPECT_EQ(::testing::internal::GetCapturedStderr(),
            "family " + std::to_string(number) + ": " + typed_with_detail(number) + "\n");
  EXPECT_EQ(set.behaves.range.clamp_ms, parsed(typed(number), 2000).set.behaves.range.clamp_ms);
  EXPECT_EQ(parsed("--clamp-range 5h --family " + std::to_string(number), 2000).set.behaves.range.clamp_ms,
            5 * 3'600'000);
}

}  // namespace
}  // namespace pandapon_sim::testing
