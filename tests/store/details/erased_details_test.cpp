// Personal data of order details: erased, and that it stays away.
#include "store/details/details_fixture.hpp"

#include <fmt/format.h>

namespace ordersync::store_test {
namespace {

using store::details::written;

class erased_details : public details_test {
 protected:
  void SetUp() override {
    details_test::SetUp();
    order_.receiver.reset();
    order_.warehouse_address.reset();
    rehash(order_);
    order_.payload = "{}";
    detail_.close_remark = "canary 18275942991";
    detail_.notes = {{"baseInfo.remark", "not a text", "{\"canary\":18275942991}"}};
    rehash(detail_);
    store_orders({order_});
  }

  // Every row of every table of ours that shows one of the canaries, as text.
  std::string sightings() {
    const auto tables = value(
        "SELECT string_agg(format('SELECT %L AS t, r::text FROM ordersync.%I r', relname, relname), ' UNION ALL ') "
        "FROM pg_class WHERE relnamespace = 'ordersync'::regnamespace AND relkind IN ('r', 'p')");
    return value("SELECT string_agg(DISTINCT t, ' ' ORDER BY t) FROM (" + tables +
                 ") x WHERE r ~ 'canary|18275942991|13900139000'");
  }
  // Another state of the detail, read later.
  core::order_detail later() {
    auto detail = detail_;
    detail.observed_at = at_ms(400);
    detail.status = "success";
    rehash(detail);
    return detail;
  }

  core::order order_ = sample_order(1);
  core::order_detail detail_ = sample_detail();
};

TEST_F(erased_details, an_order_loses_what_is_personal_in_its_detail) {
  commit_detail(detail_, {sample_refund()});
  EXPECT_EQ(sightings(), "order_contacts order_detail_payloads order_details order_refund_payloads quarantine");
  const auto would = run(store_->maintenance().estimate_retention({std::chrono::hours{1}, {}})).value();
  const auto took = run(store_->maintenance().erase_order(1)).value().took;
  EXPECT_EQ(took, (store::maintenance::erasure{1, 0, 0, 3, 1, 4}));
  EXPECT_EQ(would, took);
  EXPECT_EQ(sightings(), "NULL");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_shipments"), "2");
  EXPECT_EQ(value("SELECT status FROM ordersync.order_details"), "waitbuyerreceive");
}

TEST_F(erased_details, reading_it_again_brings_nothing_back_and_writes_nothing) {
  commit_detail(detail_, {sample_refund()});
  run(store_->maintenance().erase_order(1));
  const auto before = detail_versions();
  detail_.observed_at = at_ms(300);
  EXPECT_EQ(commit_detail(detail_, {sample_refund()}), written::unchanged);
  EXPECT_EQ(detail_versions(), before);
  EXPECT_EQ(commit_detail(later(), {sample_refund()}), written::changed);
  EXPECT_EQ(sightings(), "NULL");
  EXPECT_EQ(value("SELECT _changed FROM ordersync.order_details"),
            R"({"status": {"new": "success", "old": "waitbuyerreceive"}})");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.quarantine WHERE raw LIKE 'erased:%' AND resolved_at IS NULL"), "1");
}

TEST_F(erased_details, a_detail_that_comes_after_its_order_was_erased_comes_without) {
  run(store_->maintenance().erase_order(1));
  EXPECT_EQ(commit_detail(detail_, {sample_refund()}), written::created);
  EXPECT_EQ(sightings(), "NULL");
  EXPECT_EQ(commit_detail(detail_, {sample_refund()}), written::unchanged);
}

TEST_F(erased_details, a_mobile_number_is_found_wherever_a_detail_has_it) {
  commit_detail(detail_, {sample_refund()});
  const auto took = run(store_->maintenance().erase_mobile("139 0013 9000")).value();
  EXPECT_EQ(took.orders, 1) << "the sender of a parcel";
  EXPECT_EQ(took.contacts, 4);
  EXPECT_EQ(sightings(), "NULL");
  order_.id = 2;
  store_orders({order_}, 300);
  EXPECT_EQ(commit_detail(sample_detail(400), {}, 2), written::created);
  EXPECT_EQ(sightings(), "NULL") << "in orders that come later, too";
}

TEST_F(erased_details, a_mobile_number_may_be_written_in_groups) {
  order_.payload = "{}";
  detail_ = sample_detail();
  detail_.buyer_memo = "请打 182-7594 2991";
  detail_.payload = R"({"baseInfo":{"buyerMemo":"请打 182-7594 2991"}})";
  rehash(detail_);
  commit_detail(detail_);
  const std::string memo = "SELECT buyer_memo FROM ordersync.order_details WHERE order_id = ";
  EXPECT_EQ(run(store_->maintenance().estimate_mobile("18275942991")).value().orders, 1);
  EXPECT_EQ(run(store_->maintenance().estimate_mobile("82759429")).value().orders, 0) << "a part of it";
  EXPECT_EQ(run(store_->maintenance().erase_mobile("18275942991")).value().orders, 1);
  EXPECT_EQ(value(memo + "1"), "NULL");
  order_.id = 2;
  store_orders({order_}, 300);
  detail_.observed_at = at_ms(400);
  commit_detail(detail_, {}, 2);
  EXPECT_EQ(value(memo + "2"), "NULL") << "in orders that come later, too";
}

TEST_F(erased_details, a_mobile_number_is_found_in_what_people_wrote_and_in_refunds) {
  for (const int id : {2, 3}) store_status(2, 100, id);
  core::order_detail plain;
  plain.tb_order_id = "1";
  plain.payload = "{}";
  plain.observed_at = at_ms(200);
  plain.refunds = {{"TQ1", {}, {}, {}, {}}};
  rehash(plain);
  auto written_in = plain;
  written_in.buyer_memo = "call 18275942991";
  auto refund = sample_refund();
  refund.payload = R"({"sellerMobile":"+86 18275942991"})";
  commit_detail(written_in, {}, 2);
  commit_detail(plain, {refund}, 3);
  commit_detail(plain, {}, 1);
  execute(
      "DELETE FROM ordersync.order_receivers; DELETE FROM ordersync.order_warehouse_addresses; "
      "DELETE FROM ordersync.stored_payloads");
  EXPECT_EQ(run(store_->maintenance().erase_mobile("18275942991")).value().orders, 2);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_refund_payloads"), "0");
  EXPECT_EQ(value("SELECT count(buyer_memo) FROM ordersync.order_details"), "0");
}

TEST_F(erased_details, payloads_go_by_age_and_contacts_stay) {
  commit_detail(detail_, {sample_refund()});
  const auto step = run(store_->maintenance().retain({{}, std::chrono::hours{1}}, 0)).value();
  EXPECT_EQ(step.took.payloads, 3);
  EXPECT_EQ(step.took.contacts, 0);
  EXPECT_EQ(commit_detail(later(), {sample_refund()}), written::changed);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_detail_payloads"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_contacts"), "4");
}

}  // namespace
}  // namespace ordersync::store_test
