// What a try of the order detail means.
#include "app/doctor/detail_findings.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::doctor {
namespace {

core::result<void> failed(core::failure kind) {
  return core::make_error(kind, "why");
}

TEST(detail_findings, a_detail_that_was_read_is_permitted) {
  EXPECT_EQ(assess_details("main", core::result<void>{}).state, check_state::ok);
}

TEST(detail_findings, a_refusal_is_a_warning_that_says_what_to_do) {
  const auto found = assess_details("main", failed(core::failure::not_permitted));
  EXPECT_EQ(found.state, check_state::warning);
  EXPECT_NE(found.found.find("does not permit"), std::string::npos);
  EXPECT_NE(found.cure.find("details.enabled"), std::string::npos);
}

TEST(detail_findings, what_fails_otherwise_or_was_not_tried_is_unknown) {
  EXPECT_EQ(assess_details("main", failed(core::failure::unreachable)).state, check_state::unknown);
  EXPECT_EQ(assess_details("main", failed(core::failure::unusable_reply)).state, check_state::unknown);
  EXPECT_EQ(assess_details("main", std::nullopt).state, check_state::unknown);
}

}  // namespace
}  // namespace ordersync::app::doctor
