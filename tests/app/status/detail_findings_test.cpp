#include "app/status/detail_findings.hpp"

#include "app/status/assessed.hpp"
#include "app/status/status_json.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::status {
namespace {

struct detailed : assessed {
  store::details::detail_figures& details = view.accounts[0].details.emplace();
};

TEST_F(detailed, details_that_come_along_are_nothing_to_look_at) {
  details = {.waiting = 3, .later = 7, .oldest = now - 10min, .details = 100};
  EXPECT_EQ(verdict_of().level, health::good);
  EXPECT_EQ(details_text(details, now), "3 waiting, the oldest for 10 min; 7 later; about 100 read");
}

TEST_F(detailed, a_refusal_is_a_notice_with_its_reason_and_the_mirror_stays_complete) {
  details.refused_at = now - 2h;
  details.refusal = "the app has no right";
  details.failing = 5;
  const auto found = verdict_of();
  EXPECT_EQ(found.level, health::notice);
  EXPECT_EQ(found.headline, complete_with_warnings);
  ASSERT_EQ(found.findings.size(), 1U) << "that they fail says nothing more";
  EXPECT_EQ(found.findings[0].what,
            "main: the API has not permitted to read order details for 2 h: the app has no right.");
  assess_whole(view);
  EXPECT_FALSE(view.incomplete);
  EXPECT_NE(details_text(details, now).find("NOT PERMITTED for 2 h: the app has no right"), std::string::npos);
}

TEST_F(detailed, a_refusal_of_refunds_alone_hides_no_detail_that_fails) {
  details.refused_at = now - 2h;
  details.refusal = "refunds: the app has no right";
  details.refunds_alone = true;
  details.failing = 5;
  details.last_failure = "why";
  const auto found = verdict_of().findings;
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].what,
            "main: the API has not permitted to read what it says of refunds for 2 h: the app has no right.");
}

TEST_F(detailed, those_that_fail_are_a_notice_with_a_reason) {
  details.later = 2;
  details.failing = 2;
  details.last_failure = "no such order";
  EXPECT_EQ(verdict_of().findings.at(0).what,
            "main: the details of 2 orders could not be read the last time: no such order.");
  assess_whole(view);
  EXPECT_FALSE(view.incomplete);
}

TEST_F(detailed, those_that_have_been_due_for_hours_are_a_notice) {
  details = {.waiting = 900, .oldest = now - 59min};
  EXPECT_EQ(verdict_of().level, health::good);
  details.oldest = now - 3h;
  EXPECT_EQ(verdict_of().findings.at(0).what, "main: the details of 900 orders are due, the oldest for 3 h.");
}

TEST_F(detailed, are_in_the_json_and_null_where_they_are_not_read) {
  details = {.waiting = 3, .failing = 1, .last_failure = "why", .oldest = now, .refused_at = now, .refusal = "no"};
  const auto shown = json_of(view).at("accounts").at(0).at("details");
  EXPECT_EQ(shown.at("waiting"), 3);
  EXPECT_EQ(shown.at("failing"), 1);
  EXPECT_EQ(shown.at("refusal"), "no");
  EXPECT_EQ(std::string{shown.at("oldest_due_at").as_string()}, core::to_text(core::instant{now}));
  view.accounts[0].details.reset();
  EXPECT_TRUE(json_of(view).at("accounts").at(0).at("details").is_null());
}

}  // namespace
}  // namespace ordersync::app::status
