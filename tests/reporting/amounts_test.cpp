// Amounts that the source got wrong are shown as they are, and said to be wrong; none fails a query.
#include "reporting_fixture.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace ordersync::reporting_test {
namespace {

using ordersync::store_test::rehash;
using ordersync::store_test::sample_order;

class amounts : public reporting_test {
 protected:
  // What the view says of an order of two lines.
  std::string amounts_of(core::fen total, core::fen shipping, core::fen first_line, core::fen second_line) {
    auto order = sample_order(1);
    order.total_amount_fen = total;
    order.shipping_fee_fen = shipping;
    order.items.at(0).item_amount_fen = first_line;
    order.items.at(1).item_amount_fen = second_line;
    order.items.at(0).name = std::to_string(++read_);  // something differs each time
    rehash(order);
    store_orders({order}, 100 + read_);
    return table("SELECT total_amount, items_amount, amounts_add_up, amounts_note FROM reporting.orders");
  }
  int read_ = 0;
};

TEST_F(amounts, that_add_up_need_no_note) {
  EXPECT_EQ(amounts_of(1500, 500, 400, 600), "15.00,10.00,t,");
}

TEST_F(amounts, that_do_not_add_up_are_shown_as_they_are_with_the_difference) {
  EXPECT_EQ(amounts_of(1401, 500, 400, 600), "14.01,10.00,f,\"the total differs from lines and shipping by -0.99\"");
  EXPECT_EQ(value("SELECT not_adding_up FROM reporting.daily_orders"), "1");
}

TEST_F(amounts, that_are_missing_are_not_taken_for_nothing) {
  EXPECT_EQ(amounts_of(std::nullopt, 500, 400, 600), ",10.00,,\"an amount is missing\"");
  EXPECT_EQ(amounts_of(1500, std::nullopt, 400, 600), "15.00,10.00,,\"an amount is missing\"");
  EXPECT_EQ(value("SELECT amount FROM reporting.daily_orders"), "15.00");
}

TEST_F(amounts, of_a_line_that_are_missing_are_reported) {
  EXPECT_EQ(amounts_of(900, 500, 400, std::nullopt), "9.00,4.00,,\"an amount is missing\"");
}

TEST_F(amounts, beyond_what_a_view_can_show_fail_no_query) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(amounts_of(most, most, most, most), ",,f,\"an amount is too large to be one\"");
  store_orders({sample_order(2)}, 300);
  for (const auto* view : {"orders", "order_items", "daily_orders", "seller_performance", "product_sales",
                           "open_orders", "refunds", "order_timeline", "order_versions", "orders_at(now())"})
    EXPECT_NE(value(std::string{"SELECT string_agg(v::text, ' ') FROM reporting."} + view + " v"), "") << view;
  EXPECT_EQ(value("SELECT amount FROM reporting.daily_orders"), "45.18");
}

TEST_F(amounts, and_texts_of_any_size_refuse_no_order) {
  auto order = sample_order(1);
  std::string giant;
  // What compresses badly: an index would have to hold all of it.
  for (unsigned i = 0, x = 1; i < 20'000; ++i)
    giant += static_cast<char>('!' + (x = x * 1103515245U + 12345U) / 65536U % 90U);
  order.seller_login_id = order.order_no = order.tb_order_id = giant;
  for (auto& item : order.items) item.product_id = giant;
  rehash(order);
  EXPECT_EQ(store_orders({order}).created, 1);
  EXPECT_EQ(value("SELECT length(seller_login_id) FROM reporting.orders"), "500");
  EXPECT_EQ(value("SELECT length(seller_login_id) FROM ordersync.orders"), "20000");
}

}  // namespace
}  // namespace ordersync::reporting_test
