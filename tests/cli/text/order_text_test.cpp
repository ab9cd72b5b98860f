// How an order is shown to people.
#include "cli/text/order_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <limits>

namespace ordersync::cli::text {
namespace {

using app::orders::refresh_outcome;
using ::testing::HasSubstr;
using ::testing::Not;

std::string joined(const std::vector<std::string>& lines) {
  return fmt::format("{}", fmt::join(lines, "\n"));
}

store::reports::order_report sample() {
  store::reports::order_report order;
  order.id = 77;
  order.account = "main";
  order.status_name = "awaiting shipment";
  order.total_amount_fen = 1250;
  order.refund_amount_fen = 0;
  order.proven = true;
  order.history.push_back({.version = 1, .account = "main", .status_name = "awaiting payment"});
  order.history.push_back({.version = 2, .account = "main"});
  order.history.back().changes.push_back(
      {"order_status", "1", "2", "order_status: awaiting payment -> awaiting shipment"});
  order.history.back().changes.push_back({"receiver", {}, {}, "receiver changed"});
  return order;
}

TEST(order_text, writes_fen_as_yuan) {
  EXPECT_EQ(yuan(0), "0.00");
  EXPECT_EQ(yuan(1250), "12.50");
  EXPECT_EQ(yuan(-5), "-0.05");
  EXPECT_EQ(yuan(std::nullopt), "unknown");
  EXPECT_EQ(yuan(std::numeric_limits<std::int64_t>::min()), "-92233720368547758.08");
}

TEST(order_text, shows_where_an_order_stands_and_its_history_line_by_line) {
  const auto text = joined(order_lines(sample()));
  EXPECT_THAT(text, HasSubstr("order 77: awaiting shipment"));
  EXPECT_THAT(text, HasSubstr("total 12.50 yuan"));
  EXPECT_THAT(text, HasSubstr("its creation time is proven complete"));
  EXPECT_THAT(text, HasSubstr("first seen: awaiting payment"));
  EXPECT_THAT(text, HasSubstr("order_status: awaiting payment -> awaiting shipment; receiver changed"));
}

TEST(order_text, says_by_what_an_order_was_read_last) {
  auto order = sample();
  EXPECT_THAT(joined(order_lines(order)), HasSubstr("the read itself is not among the latest"));
  order.last_read = {.window = {}, .kind = "live", .proven = true};
  EXPECT_THAT(joined(order_lines(order)), HasSubstr("live window"));
  order.last_read = {.window = {}, .kind = "revisit", .reason = "looked up", .apart = true};
  EXPECT_THAT(joined(order_lines(order)), HasSubstr("apart from its window: looked up"));
}

TEST(order_text, cuts_what_is_long) {
  auto order = sample();
  order.close_reason = std::string(10'000, 'x');
  for (const auto& line : order_lines(order)) EXPECT_LT(line.size(), 400U);
  for (const auto& line : absence_lines(std::string(10'000, '1'), {})) EXPECT_LT(line.size(), 400U);
}

TEST(order_text, says_what_a_refresh_found) {
  const auto line = [](refresh_outcome outcome) {
    return joined(refreshed_lines({.number = "7", .outcome = outcome, .order_id = 7}));
  };
  EXPECT_EQ(line(refresh_outcome::stored), "order 7: new: stored");
  EXPECT_EQ(line(refresh_outcome::unchanged), "order 7: unchanged");
  EXPECT_THAT(line(refresh_outcome::outdated), HasSubstr("refresh it again"));
  EXPECT_THAT(line(refresh_outcome::not_returned), HasSubstr("the API does not return it"));
  EXPECT_THAT(line(refresh_outcome::not_searchable), HasSubstr("no 1688 number"));
  app::orders::refreshed unknown{.number = "8"};
  unknown.searched = core::window{core::second{}, core::second{} + std::chrono::days{1}};
  EXPECT_THAT(joined(refreshed_lines(unknown)), HasSubstr("older ones were not searched"));
  unknown.searched_all = true;
  EXPECT_THAT(joined(refreshed_lines(unknown)), Not(HasSubstr("older ones")));
}

TEST(order_text, says_what_came_of_the_detail) {
  app::orders::refreshed one{.number = "7", .outcome = refresh_outcome::unchanged, .order_id = 7};
  one.detail = {.outcome = "changed", .reason = "", .refunds = 1, .missing = ""};
  EXPECT_THAT(joined(refreshed_lines(one)), HasSubstr("\n  detail: changed, with 1 refund"));
  one.detail = {.outcome = "created", .reason = "", .refunds = 0, .missing = "cut"};
  EXPECT_THAT(joined(refreshed_lines(one)), HasSubstr("  detail: created; a refund could not be read: cut"));
  one.detail = {.outcome = "refused", .reason = "no right", .refunds = 0, .missing = ""};
  EXPECT_THAT(joined(refreshed_lines(one)), HasSubstr("  detail: refused: no right"));
}

TEST(order_text, shows_what_the_detail_says_and_leaves_out_what_it_does_not) {
  auto order = sample();
  EXPECT_THAT(joined(order_lines(order)), Not(HasSubstr("detail")));
  order.detail.emplace();
  order.detail->payments.push_back({.way = "支付宝", .amount_fen = 1250});
  order.detail->parcels.push_back({.company = "SF", .waybill_number = "SF1", .lines = 1});
  order.detail->refunds.push_back({.id = "TQ1", .status = "refundsuccess", .amount_fen = 5});
  order.detail_due = {.tries = 1, .reason = "why"};
  const auto text = joined(order_lines(order));
  EXPECT_THAT(text, HasSubstr("milestones        nothing known\n"));
  EXPECT_THAT(text, HasSubstr("payment           12.50 yuan, by 支付宝\n"));
  EXPECT_THAT(text, HasSubstr("parcel            SF, SF1, 1 line\n"));
  EXPECT_THAT(text, HasSubstr("refund            TQ1, 0.05 yuan, refundsuccess\n"));
  EXPECT_THAT(text, HasSubstr("failed 1 time: why"));
}

}  // namespace
}  // namespace ordersync::cli::text
