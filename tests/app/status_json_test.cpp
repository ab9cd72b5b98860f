#include "app/status_json.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace ordersync::app {
namespace {

using namespace std::chrono_literals;

const core::window minute{core::second{0s}, core::second{60s}};

TEST(status_json, a_window_is_a_half_open_pair_in_utc) {
  EXPECT_EQ(boost::json::serialize(json_of(minute)), R"({"from":"1970-01-01T00:00:00Z","to":"1970-01-01T00:01:00Z"})");
}

TEST(status_json, a_gap_tells_whether_it_was_read_and_why_it_is_one) {
  store::coverage_report report;
  report.gaps = {{minute, "", std::nullopt, false}, {minute, "no answer", core::second{60s}, true}};
  const auto told = json_of(report);
  EXPECT_EQ(told.at("gaps").at(0).at("state"), "never");
  EXPECT_EQ(told.at("gaps").at(0).at("reason"), "never read");
  EXPECT_EQ(told.at("gaps").at(1).at("state"), "failed");
  EXPECT_EQ(told.at("gaps").at(1).at("reason"), "no answer");
}

TEST(status_json, a_trouble_tells_what_it_means_and_what_to_do) {
  const auto told = json_of(store::trouble{.event = "request_retry", .count = 2, .fields = {{"failure", "refused"}}});
  EXPECT_EQ(told.at("count"), 2);
  EXPECT_EQ(told.at("level"), "warning");
  EXPECT_EQ(told.at("fields").at("failure"), "refused");
  EXPECT_FALSE(told.at("cause").as_string().empty());
  EXPECT_FALSE(told.at("cure").as_string().empty());
}

TEST(status_json, the_page_does_not_tell_who_asked_for_a_backfill) {
  store::backfill_job job;
  job.requested_by = "somebody@shed";
  EXPECT_EQ(boost::json::serialize(json_of(job)).find("somebody"), std::string::npos);
}

}  // namespace
}  // namespace ordersync::app
