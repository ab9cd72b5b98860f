#include "app/status/mirror_look.hpp"

#include "app/status/status_json.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace ordersync::app::status {
namespace {

using namespace std::chrono_literals;

const core::second noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h};

store::reports::coverage_report report() {
  return {.account = "main",
          .scope = "s",
          .asked = "orders",
          .range = {noon, noon + 10h},
          .proven = {{noon, noon + 1h}, {noon + 4h, noon + 10h}},
          .gaps = {{{noon + 1h, noon + 2h}, "", std::nullopt},
                   {{noon + 2h, noon + 3h}, "the counts differ", noon},
                   {{noon + 3h, noon + 4h}, "no answer", noon, true}}};
}

TEST(mirror_look, a_part_is_cut_at_its_ends) {
  const auto part = part_of(report(), {noon + 30min, noon + 90min});
  EXPECT_EQ(part.range, (core::window{noon + 30min, noon + 90min}));
  EXPECT_EQ(part.proven, (std::vector<core::window>{{noon + 30min, noon + 1h}}));
  ASSERT_EQ(part.gaps.size(), 1U);
  EXPECT_EQ(part.gaps[0].window, (core::window{noon + 1h, noon + 90min}));
  EXPECT_TRUE(part_of(report(), {noon + 11h, noon + 12h}).gaps.empty());
}

TEST(status_json, a_gap_says_what_came_of_its_last_read) {
  const auto shown = json_of(report());
  const auto& gaps = shown.at("gaps").as_array();
  EXPECT_EQ(gaps.at(0).at("state"), "never");
  EXPECT_EQ(gaps.at(1).at("state"), "unproven");
  EXPECT_EQ(gaps.at(2).at("state"), "failed");
  EXPECT_EQ(gaps.at(2).at("reason"), "no answer");
  EXPECT_EQ(boost::json::serialize(shown.at("proven").as_array().at(0)),
            R"({"from":"2026-11-24T12:00:00Z","to":"2026-11-24T13:00:00Z"})");
}

TEST(status_json, a_job_does_not_show_who_asked) {
  store::jobs::backfill_job job{.id = 7, .account = "main", .range = {noon, noon + 2h}, .requested_by = "canary"};
  job.stopped_by = "canary";
  job.left = {{noon, noon + 1h}};
  const auto shown = json_of(job);
  EXPECT_EQ(shown.at("left_seconds"), 3600);
  EXPECT_EQ(shown.at("seconds"), 7200);
  EXPECT_EQ(shown.at("open"), true);
  EXPECT_EQ(boost::json::serialize(shown).find("canary"), std::string::npos);
}

}  // namespace
}  // namespace ordersync::app::status
