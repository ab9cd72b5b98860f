#include "app/status/coverage_findings.hpp"

#include "app/status/assessed.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::status {
namespace {

constexpr std::int64_t a_day = 86'400;  // seconds

TEST_F(assessed, a_gap_with_a_reason_is_bad_and_reported_with_it) {
  gap({start + 10h, start + 11h}, "the total changed", false);
  const auto found = verdict_of();
  EXPECT_EQ(found.level, health::bad);
  EXPECT_EQ(found.headline, "Not complete: there are gaps");
  EXPECT_EQ(found.findings[0].what, "main: 1 gap, 1 h in total, were read but not proven: the total changed.");
}

TEST_F(assessed, what_failed_otherwise_before_counts_but_not_to_this) {
  api("refused", 215);
  view.totals.api[0].failing_since = now - 4s;
  view.totals.api[0].failures = 2;
  EXPECT_EQ(verdict_of().findings[0].what, "main: the API refuses the credentials, for 4 s now, over 2 tries.");
}

TEST_F(assessed, is_never_complete_while_a_contradiction_is_open) {
  auto& stored = view.accounts[0].stored;
  stored.open_contradictions = 2;
  stored.last_contradiction = {
      now - 5min, "slice", store::coverage::whole_time_line, 12, 14, "an audit: two are missing", {}};
  auto found = verdict_of();
  EXPECT_EQ(found.level, health::bad);
  EXPECT_EQ(found.headline, "Completeness in doubt: a proof turned out wrong");
  EXPECT_EQ(
      found.findings[0].what,
      "main: 2 proofs turned out wrong and are not proven again yet; the last, 5 min ago, by slice: 12 expected, 14 "
      "found: an audit: two are missing.");
  EXPECT_NE(found.findings[0].cure.find("ordersync coverage"), std::string::npos);
  stored.last_contradiction->resolved_at = now - 1min;
  EXPECT_EQ(verdict_of().findings[0].what, "main: 2 proofs turned out wrong and are not proven again yet.");
  stored.open_contradictions = 0;
  EXPECT_EQ(verdict_of().level, health::good) << "one that is resolved is no problem any more";
}

TEST_F(assessed, the_counts_of_a_contradiction_are_named_by_what_they_count) {
  const auto text = [](std::string way, std::int64_t expected, std::int64_t found) {
    return contradiction_text(
        {now - 1min, std::move(way), store::coverage::whole_time_line, expected, found, "why", {}}, now);
  };
  EXPECT_EQ(text("range", 30 * a_day, 7 * a_day), "1 min ago, by range: 30 d requested, complete only up to 7 d: why");
  EXPECT_EQ(text("total", 0, 10'000), "1 min ago, by total: counts stop at 10000: why");
  EXPECT_EQ(text("filter", 0, 0), "1 min ago, by filter: why");
  EXPECT_EQ(text("status", 7, 5), "1 min ago, by status: 7 expected, 5 found: why");
}

TEST_F(assessed, is_never_complete_while_the_api_could_not_be_tried_in_full) {
  view.accounts[0].untried = "its time zone seems to be 1 h 00 min ahead of api.time_zone (+08:00): set it to +09:00";
  auto found = verdict_of();
  EXPECT_EQ(found.level, health::bad);
  EXPECT_EQ(found.headline, "Completeness in doubt: the API could not be tested in full");
  EXPECT_NE(found.findings[0].what.find("set it to +09:00."), std::string::npos) << found.findings[0].what;
  EXPECT_EQ(found.findings[0].cure, "Set `api.time_zone` to the zone in the reason, then reload.");
  view.accounts[0].untried = "another reason";
  EXPECT_NE(verdict_of().findings[0].cure.find("`ordersync doctor`"), std::string::npos);
  view.accounts[0].configured = false;
  EXPECT_EQ(verdict_of().level, health::good);
}

TEST_F(assessed, is_never_complete_while_orders_are_missing_in_mass) {
  view.accounts[0].missing_in_mass = {.event = "orders_missing_in_mass", .fields = {{"orders", "60"}, {"held", "900"}}};
  const auto found = verdict_of();
  EXPECT_EQ(found.level, health::bad);
  EXPECT_EQ(found.headline, "Completeness in doubt: many orders disappeared at once");
  EXPECT_NE(found.findings[0].what.find("60 of 900 stored orders"), std::string::npos) << found.findings[0].what;
}

}  // namespace
}  // namespace ordersync::app::status
