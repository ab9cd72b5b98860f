// What `order show` reads of an order's detail.
#include "store/details/details_fixture.hpp"

namespace ordersync::store_test {
namespace {

class detail_reports : public details_test {
 protected:
  store::reports::order_report report() { return run(store_->find_orders("1", false)).value().at(0); }
};

TEST_F(detail_reports, have_the_milestones_payments_parcels_and_refunds_of_an_order) {
  store_status(3, 100);
  commit_detail(sample_detail(200), {sample_refund()});
  const auto read = report().detail;
  ASSERT_TRUE(read);
  const auto detail = sample_detail(200);
  EXPECT_EQ(read->paid_at, detail.paid_at);
  EXPECT_EQ(read->all_shipped_at, detail.all_shipped_at);
  EXPECT_FALSE(read->confirmed_at);
  EXPECT_EQ(read->alipay_trade_id, detail.alipay_trade_id);
  EXPECT_EQ(read->observed_at, at_ms(200));
  ASSERT_EQ(read->payments.size(), detail.payments.size());
  EXPECT_EQ(read->payments[0].amount_fen, detail.payments[0].amount_fen);
  EXPECT_EQ(read->payments[0].paid_at, detail.payments[0].paid_at);
  ASSERT_EQ(read->parcels.size(), detail.shipments.size());
  EXPECT_EQ(read->parcels[1].waybill_number, detail.shipments[1].waybill);
  ASSERT_EQ(read->refunds.size(), 1U);
  EXPECT_EQ(read->refunds[0].id, "TQ1");
}

TEST_F(detail_reports, say_that_a_detail_is_to_be_read_and_why_it_was_not) {
  store_status(2, 100);
  auto order = report();
  EXPECT_FALSE(order.detail);
  ASSERT_TRUE(order.detail_due);
  EXPECT_EQ(order.detail_due->tries, 0);
  EXPECT_TRUE(run(details().put_off("main", 1, "no such order")).has_value());
  order = report();
  ASSERT_TRUE(order.detail_due);
  EXPECT_EQ(order.detail_due->tries, 1);
  EXPECT_EQ(order.detail_due->reason, "no such order");
  commit_detail(sample_detail(200));
  store_status(5, 300);
  commit_detail(sample_detail(400));
  EXPECT_FALSE(report().detail_due);
}

TEST_F(detail_reports, of_views_show_no_free_text_that_may_name_people) {
  store_status(3, 100);
  commit_detail(sample_detail(200), {sample_refund()});
  EXPECT_EQ(value("SELECT buyer_memo FROM ordersync.order_details"), "canary-memo");
  EXPECT_EQ(value("SELECT count(*) FROM reporting.orders o WHERE row_to_json(o)::text LIKE '%canary%'"), "0");
  EXPECT_EQ(value("SELECT count(paid_at) FROM reporting.orders"), "1");
}

}  // namespace
}  // namespace ordersync::store_test
