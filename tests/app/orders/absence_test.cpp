// Why an order may not be in the mirror.
#include "app/orders/absence.hpp"

#include "core/time.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace ordersync::app::orders {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

core::second on(int day) {
  return core::second{} + std::chrono::days{20'000 + day};
}

config::settings settings_of(std::vector<std::string> users = {}) {
  config::settings settings;
  settings.sync.start = on(0);
  config::account account;
  account.name = "main";
  account.user_id_list = std::move(users);
  settings.accounts.push_back(account);
  return settings;
}

store::reports::coverage_report coverage(std::vector<store::reports::gap> gaps) {
  return {
      .account = "main", .scope = "s", .asked = "", .range = {on(0), on(30)}, .proven = {{on(0), on(9)}}, .gaps = gaps};
}

std::vector<std::string> codes(const absence& of) {
  std::vector<std::string> codes;
  for (const auto& reason : of.reasons) codes.push_back(reason.code);
  return codes;
}

TEST(absence, of_a_complete_mirror_may_be_the_apis) {
  const auto why = why_absent(settings_of(), {coverage({})}, 0);
  EXPECT_THAT(codes(why), ElementsAre("too_new", "before_start", "number", "not_returned"));
  EXPECT_THAT(why.gaps, IsEmpty());
}

TEST(absence, is_most_likely_a_gap_where_there_is_one) {
  const auto why = why_absent(settings_of(), {coverage({{{on(9), on(10)}, "no answer", std::nullopt}})}, 0);
  EXPECT_THAT(codes(why), ElementsAre("gap", "too_new", "before_start", "number"));
  ASSERT_EQ(why.gaps.size(), 1U);
  EXPECT_EQ(why.gaps[0].gaps[0].reason, "no answer");
}

TEST(absence, may_be_what_the_settings_leave_out) {
  EXPECT_THAT(codes(why_absent(settings_of({"5"}), {coverage({})}, 0)), Contains("filtered"));
  EXPECT_THAT(codes(why_absent(settings_of(), {coverage({})}, 0)), Not(Contains("filtered")));
}

TEST(absence, may_be_an_order_whose_id_could_not_be_read) {
  EXPECT_THAT(codes(why_absent(settings_of(), {coverage({})}, 2)), Contains("unreadable"));
}

TEST(absence, names_the_moments_that_bound_the_mirror) {
  const auto why = why_absent(settings_of(), {coverage({})}, 0);
  EXPECT_NE(why.reasons[0].text.find(core::to_text(on(30))), std::string::npos);
  EXPECT_NE(why.reasons[1].text.find(core::to_text(on(0))), std::string::npos);
}

}  // namespace
}  // namespace ordersync::app::orders
