#include "app/status/status_json.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace ordersync::app::status {
namespace {

using namespace std::chrono_literals;

const core::window minute{core::second{0s}, core::second{60s}};

TEST(status_json, a_window_is_a_half_open_pair_in_utc) {
  EXPECT_EQ(boost::json::serialize(json_of(minute)), R"({"from":"1970-01-01T00:00:00Z","to":"1970-01-01T00:01:00Z"})");
}

TEST(status_json, a_gap_says_whether_it_was_read_and_why_it_is_one) {
  store::reports::coverage_report report;
  report.gaps = {{minute, "", std::nullopt, false}, {minute, "no answer", core::second{60s}, true}};
  const auto shown = json_of(report);
  EXPECT_EQ(shown.at("gaps").at(0).at("state"), "never");
  EXPECT_EQ(shown.at("gaps").at(0).at("reason"), "never read");
  EXPECT_EQ(shown.at("gaps").at(1).at("state"), "failed");
  EXPECT_EQ(shown.at("gaps").at(1).at("reason"), "no answer");
}

TEST(status_json, a_problem_says_what_it_means_and_what_to_do) {
  const auto shown =
      json_of(store::reports::logged_problem{.event = "request_retry", .count = 2, .fields = {{"failure", "refused"}}});
  EXPECT_EQ(shown.at("count"), 2);
  EXPECT_EQ(shown.at("level"), "warning");
  EXPECT_EQ(shown.at("fields").at("failure"), "refused");
  EXPECT_FALSE(shown.at("cause").as_string().empty());
  EXPECT_FALSE(shown.at("cure").as_string().empty());
}

TEST(status_json, an_account_shows_its_limits_audits_and_contradictions) {
  status_view view;
  auto& account = view.accounts.emplace_back();
  account.limits = {{{.name = "nearest_end", .value = 120, .found_by = "refused"}},
                    {{.name = "total", .value = 5}, true}};
  account.settle = 120s;
  account.stored.audited.day = {.checks = 3, .orders = 40, .seconds = 3'600};
  account.stored.open_contradictions = 1;
  account.stored.last_contradiction = {core::second{60s}, "slice", store::coverage::whole_time_line, 12, 14, "why", {}};
  const auto shown = json_of(view).at("accounts").at(0);
  EXPECT_EQ(shown.at("limits").at(0).at("text"), "2 min before now");
  EXPECT_EQ(shown.at("limits").at(0).at("found_by"), "refused");
  EXPECT_EQ(shown.at("limits").at(1).at("by_hand"), true);
  EXPECT_TRUE(shown.at("limits").at(1).at("since").is_null());
  EXPECT_EQ(shown.at("settle_seconds"), 120);
  EXPECT_EQ(shown.at("audited").at("day").at("orders"), 40);
  EXPECT_EQ(shown.at("audited").at("month").at("checks"), 0);
  EXPECT_EQ(shown.at("open_contradictions"), 1);
  EXPECT_EQ(shown.at("last_contradiction").at("found"), 14);
  EXPECT_TRUE(shown.at("last_contradiction").at("range").is_null()) << "everywhere";
  EXPECT_EQ(shown.at("in_doubt"), true);
  EXPECT_EQ(shown.at("complete"), false) << "although there is no gap";
}

TEST(status_json, is_as_complete_as_the_text_says) {
  status_view view;
  view.accounts.emplace_back().complete = tasks::completeness_of({minute}, minute.begin, minute.end, 0s);
  view.totals.quarantine = {.open = 3, .open_kinds = 1};
  view.incomplete = true;
  EXPECT_EQ(json_of(view).at("complete"), true) << "the text: Complete and current, but some values ...";
  EXPECT_EQ(json_of(view).at("exit_code"), 6);
}

TEST(status_json, counts_quarantine_by_kinds_and_by_values_and_lists_the_kinds) {
  status_view view;
  view.accounts.emplace_back().stored.quarantine = {.open = 3, .open_kinds = 1, .accepted = 9, .accepted_kinds = 2};
  view.totals.quarantine = {.open = 4, .open_kinds = 2, .accepted = 9, .accepted_kinds = 2};
  view.totals.quarantine_kinds = {
      {.path = "a[].b", .reason = "is null", .open = 3, .accepted = 1, .orders = 4, .accounts = 1, .example = 17},
      {.path = "c", .reason = "is null", .kind_accepted = store::maintenance::acceptance{"known", "alice", {}}}};
  const auto shown = json_of(view);
  EXPECT_EQ(shown.at("open_quarantine"), 4);
  EXPECT_EQ(shown.at("open_quarantine_kinds"), 2);
  EXPECT_EQ(shown.at("accepted_quarantine"), 9);
  EXPECT_EQ(shown.at("accounts").at(0).at("accepted_quarantine_kinds"), 2);
  EXPECT_EQ(shown.at("quarantine_kinds").at(0).at("path"), "a[].b");
  EXPECT_EQ(shown.at("quarantine_kinds").at(0).at("example"), "17");
  EXPECT_EQ(shown.at("quarantine_kinds").at(0).at("kind_accepted"), false);
  EXPECT_EQ(shown.at("quarantine_kinds").at(1).at("kind_accepted"), true);
  EXPECT_EQ(boost::json::serialize(shown).find("alice"), std::string::npos) << "the page shows it to everybody";
}

TEST(status_json, the_page_does_not_show_who_asked_for_a_backfill) {
  store::jobs::backfill_job job;
  job.requested_by = "somebody@shed";
  EXPECT_EQ(boost::json::serialize(json_of(job)).find("somebody"), std::string::npos);
}

}  // namespace
}  // namespace ordersync::app::status
