#include "cli/text/recheck_text.hpp"

#include <gtest/gtest.h>

namespace ordersync::cli::text {
namespace {

using namespace std::chrono_literals;
using store::recheck::check_report;
using store::recheck::check_state;

constexpr core::instant now{1'700'000'000s};

check_report on(const char* account = "main") {
  check_report report{.account = account, .state = check_state::on};
  report.younger_than = std::chrono::days{180};
  report.every = 1min;
  report.period = 60s;
  report.oldest_checked_at = now - 42s;
  report.updated_at = now - 3s;
  return report;
}

TEST(recheck_text, says_since_when_statuses_are_known) {
  auto report = on();
  report.changes = 31;
  EXPECT_EQ(recheck_texts({report}, now).at(0),
            "main, proven orders under 180 d old: statuses as of 42 s ago (target: every 1 min); 31 changes found");
}

TEST(recheck_text, says_to_what_the_period_stretches) {
  auto report = on();
  report.period = 150s;
  EXPECT_EQ(
      recheck_texts({report}, now).at(0),
      "main, proven orders under 180 d old: statuses as of 42 s ago; every 2 min 30 s instead of every 1 min, because "
      "sync.recheck.share does not allow more");
}

TEST(recheck_text, says_why_counts_are_not_used) {
  auto report = on();
  report.state = check_state::unusable;
  report.reason = "they do not add up";
  EXPECT_EQ(recheck_texts({report}, now).at(0),
            "main: not possible, because the API's counts by status are unusable: they do not add up; revisits alone "
            "find changes");
  report.state = check_state::untried;
  report.reason.clear();
  EXPECT_EQ(recheck_texts({report}, now).at(0), "main: not begun");
}

TEST(recheck_text, says_how_old_a_report_is_that_no_daemon_renews) {
  auto report = on();
  report.updated_at = now - 1h;
  report.oldest_checked_at.reset();
  EXPECT_EQ(
      recheck_texts({report}, now).at(0),
      "main, proven orders under 180 d old: the first round is under way (target: every 1 min), measured 1 h ago");
}

TEST(recheck_text, begins_with_the_accounts_that_are_worst_off) {
  auto late = on("late");
  late.period = 5min;
  auto unusable = on("unusable");
  unusable.state = check_state::unusable;
  const auto texts = recheck_texts({on("fine"), late, unusable}, now);
  ASSERT_EQ(texts.size(), 3U);
  EXPECT_EQ(texts[0].substr(0, 8), "unusable");
  EXPECT_EQ(texts[1].substr(0, 4), "late");
  EXPECT_EQ(texts[2].substr(0, 4), "fine");
}

TEST(recheck_text, of_many_accounts_tells_the_worst_three) {
  auto late = on("late");
  late.period = 5min;
  const auto texts = recheck_texts({on("a"), on("b"), on("c"), late, on("d")}, now);
  ASSERT_EQ(texts.size(), 3U);
  EXPECT_EQ(texts[0].substr(0, 4), "late");
  EXPECT_EQ(texts[2].substr(texts[2].rfind(';')), "; the other 2 are not behind these");
}

}  // namespace
}  // namespace ordersync::cli::text
