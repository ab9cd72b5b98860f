// Storing what the API says of one order.
#include "store/details/details_fixture.hpp"
#include "store/details/write_detail.hpp"
#include "store/leadership/election_fixture.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using store::details::written;
using ::testing::HasSubstr;
using ::testing::Not;

class storing_details : public details_test {
 protected:
  void SetUp() override {
    details_test::SetUp();
    store_status(2, 100);
  }
  std::string changed() { return value("SELECT _changed FROM ordersync.order_details"); }
};

TEST_F(storing_details, writes_every_field) {
  EXPECT_EQ(commit_detail(sample_detail(), {sample_refund()}), written::created);
  EXPECT_EQ(value("SELECT to_jsonb(d) - '_content_hash' FROM ordersync.order_details d"),
            R"({"steps": [{"payFee": 12.5, "stepNo": 1}], "remark": "canary-remark", "status": "waitbuyerreceive", )"
            R"("paid_at": "2024-05-07T00:00:20.25+00:00", "_account": "main", "_changed": null, "_version": 1, )"
            R"("order_id": 1, "closed_by": null, "refund_id": "TQ1", "buyer_memo": "canary-memo", )"
            R"("created_at": "2024-05-07T00:00:10.001+00:00", "trade_type": "担保交易", "_changed_at": )"
            R"("2024-05-07T00:03:20+00:00", "modified_at": "2024-05-07T00:01:00+00:00", "received_at": null, )"
            R"("_observed_at": "2024-05-07T00:03:20+00:00", "close_reason": null, "close_remark": null, )"
            R"("completed_at": null, "confirmed_at": null, "discount_fen": -250, "pay_channels": ["alipay", )"
            R"("bank \"card\""], "pay_deadline": "2024-05-07T01:00:10.001+00:00", "refund_status": )"
            R"("waitselleragree", "_first_seen_at": "2024-05-07T00:03:20+00:00", "all_shipped_at": )"
            R"("2024-05-07T00:00:40+00:00", "buyer_feedback": "canary-feedback", "alipay_trade_id": )"
            R"("2024050722001", "shipping_fee_fen": 500, "total_amount_fen": 4518, "after_sale_status": null, )"
            R"("refund_amount_fen": 0, "product_amount_fen": 4018})");
  EXPECT_EQ(
      value("SELECT to_jsonb(p) FROM ordersync.order_payments p"),
      R"({"phase": "1", "paid_at": "2024-05-07T00:00:20.25+00:00", "pay_way": "1", "order_id": 1, "position": 0, )"
      R"("amount_fen": 4518, "pay_status": "2", "pay_way_name": "支付宝"})");
  EXPECT_EQ(value("SELECT to_jsonb(s) FROM ordersync.order_shipments s ORDER BY position"),
            R"({"id": "11", "code": "LP1", "type": "1", "status": "alreadysend", "item_ids": [20428174938880794], )"
            R"("order_id": 1, "position": 0, "created_at": "2024-05-07T00:00:29+00:00", "shipped_at": )"
            R"("2024-05-07T00:00:30+00:00", "modified_at": "2024-05-07T00:00:30+00:00", "company_code": "SF", )"
            R"("company_name": "顺丰", "waybill_number": "SF1"})");
  EXPECT_EQ(value("SELECT string_agg(waybill_number || coalesce(item_ids::text, ' none'), ', ' ORDER BY position) FROM "
                  "ordersync.order_shipments"),
            "SF1{20428174938880794}, SF2 none");
  EXPECT_EQ(value("SELECT to_jsonb(r) - '_content_hash' FROM ordersync.order_refunds r"),
            R"({"raw": {"status": "waitselleragree", "orderId": "2042894174938880794", "refundId": "TQ1"}, "status": )"
            R"("waitselleragree", "order_id": 1, "refund_id": "TQ1", "amount_fen": 700, "created_at": )"
            R"("2024-05-07T01:52:00+00:00", "modified_at": "2024-05-07T01:53:00+00:00", "completed_at": null, )"
            R"("after_sale_status": null, "alipay_payment_id": "2024050722002"})");
  EXPECT_EQ(table("SELECT role, full_name, company, mobile, phone, city, address FROM ordersync.order_contacts "
                  "ORDER BY role"),
            "buyer,canary-buyer,canary-company,18275942991,0771-1,,\n"
            "receiver,canary-name,,18275942991,\"\",崇左,canary-street\n"
            "seller,canary-seller,\"\",\"\",\"\",,\n"
            "\"sender 1\",,,13900139000,\"\",,");
  EXPECT_EQ(value("SELECT payload FROM ordersync.order_detail_payloads WHERE sha256 = sha256(convert_to(payload, "
                  "'UTF8'))"),
            sample_detail().payload);
  EXPECT_EQ(value("SELECT payload FROM ordersync.order_refund_payloads WHERE sha256 = sha256(convert_to(payload, "
                  "'UTF8'))"),
            sample_refund().payload);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_detail_history"), "0");
}

TEST_F(storing_details, writes_nothing_when_nothing_changed) {
  commit_detail(sample_detail(200), {sample_refund()});
  const auto before = detail_versions();
  const auto queue_before = value(
      "SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE relname = "
      "'order_details'");
  EXPECT_EQ(commit_detail(sample_detail(300), {sample_refund("TQ1", 300)}), written::unchanged);
  EXPECT_EQ(commit_detail(sample_detail(400)), written::unchanged) << "the refund could not be read";
  EXPECT_EQ(detail_versions(), before);
  EXPECT_EQ(value("SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE relname = 'order_details'"),
            queue_before);
}

TEST_F(storing_details, keeps_the_state_that_another_supersedes) {
  auto detail = sample_detail(200);
  commit_detail(detail, {sample_refund()});
  detail.received_at = at_ms(250);
  detail.status = "confirm_goods";
  detail.buyer_memo = "another";
  detail.contacts[0].full_name = "another";
  detail.observed_at = at_ms(300);
  rehash(detail);
  EXPECT_EQ(commit_detail(detail, {sample_refund()}), written::changed);
  EXPECT_EQ(changed(), R"({"status": {"new": "confirm_goods", "old": "waitbuyerreceive"}, "contacts": "changed", )"
                       R"("buyer_memo": "changed", "received_at": {"new": "2024-05-07T00:04:10.000Z", "old": null}})");
  EXPECT_EQ(table("SELECT version, valid_from, valid_to, changed, state #>> '{detail,status}', "
                  "jsonb_array_length(state -> 'shipments') FROM ordersync.order_detail_history"),
            "1,\"2024-05-07 00:03:20+00\",\"2024-05-07 00:05:00+00\",{},waitbuyerreceive,2");
  EXPECT_EQ(table("SELECT _version, _first_seen_at, _changed_at, _observed_at FROM ordersync.order_details"),
            "2,\"2024-05-07 00:03:20+00\",\"2024-05-07 00:05:00+00\",\"2024-05-07 00:05:00+00\"");
  EXPECT_EQ(value("SELECT full_name FROM ordersync.order_contacts WHERE role = 'buyer'"), "another");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_detail_history WHERE state::text ~ "
                  "'canary|18275942991|13900139000' OR changed::text ~ 'canary|another'"),
            "0");
}

TEST_F(storing_details, a_waybill_that_changes_keeps_its_history) {
  auto detail = sample_detail(200);
  commit_detail(detail);
  detail.shipments[1].waybill = "YT7";
  std::swap(detail.shipments[0], detail.shipments[1]);
  detail.shipments[0].position = 0;
  detail.shipments[1].position = 1;
  detail.observed_at = at_ms(300);
  rehash(detail);
  commit_detail(detail);
  EXPECT_EQ(changed(),
            R"({"shipments[11].position": {"new": 1, "old": 0}, "shipments[12].position": {"new": 0, "old": 1}, )"
            R"("shipments[12].waybill_number": {"new": "YT7", "old": "SF2"}})");
  detail.shipments.pop_back();
  detail.observed_at = at_ms(400);
  rehash(detail);
  commit_detail(detail);
  EXPECT_THAT(changed(), HasSubstr(R"({"shipments[11]": {"new": null, "old": {"id": "11",)"));
  EXPECT_EQ(value("SELECT string_agg(shipment ->> 'waybill_number', ' ' ORDER BY version) FROM "
                  "ordersync.order_detail_history, jsonb_array_elements(state -> 'shipments') AS shipment "
                  "WHERE shipment ->> 'id' = '12'"),
            "SF2 YT7");
  EXPECT_EQ(value("SELECT string_agg(waybill_number, ' ') FROM ordersync.order_shipments"), "YT7");
}

TEST_F(storing_details, a_payload_that_differs_in_nothing_else_is_a_state_too) {
  commit_detail(sample_detail(200));
  auto detail = sample_detail(300);
  detail.content_hash[0] ^= 1;
  EXPECT_EQ(commit_detail(detail), written::changed);
  EXPECT_EQ(changed(), R"({"payload": "changed"})");
}

TEST_F(storing_details, an_older_answer_never_overwrites_a_later_one) {
  execute("UPDATE ordersync.detail_queue SET queued_at = '2024-05-07 00:10:00+00'");
  commit_detail(sample_detail(300));
  const auto before = detail_versions();
  auto older = sample_detail(299);
  older.status = "waitsellersend";
  rehash(older);
  EXPECT_EQ(commit_detail(older), written::outdated);
  EXPECT_EQ(detail_versions(), before);
  EXPECT_EQ(due(), "1");
}

TEST_F(storing_details, what_is_said_of_a_refund_counts_as_a_change) {
  commit_detail(sample_detail(200));
  EXPECT_EQ(table("SELECT refund_id, status, amount_fen, raw FROM ordersync.order_refunds"), "TQ1,waitselleragree,,")
      << "nobody knows its amount yet";
  EXPECT_EQ(commit_detail(sample_detail(300), {sample_refund()}), written::changed);
  EXPECT_THAT(changed(), HasSubstr(R"("refunds[TQ1].amount_fen": {"new": 700, "old": null})"));
  auto refund = sample_refund("TQ1", 400);
  refund.completed = "2024-05-07 10:00:00";
  rehash(refund);
  EXPECT_EQ(commit_detail(sample_detail(400), {refund}), written::changed);
  EXPECT_EQ(changed(), R"({"refunds[TQ1].completed_at": {"new": "2024-05-07T02:00:00.000Z", "old": null}})");
  EXPECT_EQ(value("SELECT _version FROM ordersync.order_details"), "3");
}

TEST_F(storing_details, what_is_stored_of_a_refund_stays_when_it_cannot_be_read) {
  commit_detail(sample_detail(200), {sample_refund()});
  const auto before = value("SELECT to_jsonb(r) - 'status' FROM ordersync.order_refunds r");
  auto detail = sample_detail(300);
  detail.refunds[0].status = "refundsuccess";
  detail.refunds.push_back({"TQ2", {}, "waitbuyersend", {}, {}});
  rehash(detail);
  commit_detail(detail);
  EXPECT_EQ(value("SELECT to_jsonb(r) - 'status' FROM ordersync.order_refunds r WHERE refund_id = 'TQ1'"), before);
  EXPECT_EQ(table("SELECT refund_id, status, after_sale_status FROM ordersync.order_refunds ORDER BY 1"),
            "TQ1,refundsuccess,\nTQ2,,waitbuyersend");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_refund_payloads"), "1");
}

TEST_F(storing_details, a_request_for_a_refund_that_another_supersedes_stays) {
  commit_detail(sample_detail(200), {sample_refund()});
  const auto before = value("SELECT to_jsonb(r) FROM ordersync.order_refunds r");
  auto detail = sample_detail(300);
  detail.refund_id = "TQ9";
  detail.refunds = {{"TQ9", "waitselleragree", {}, {}, {}}};
  rehash(detail);
  commit_detail(detail, {sample_refund("TQ9", 300)});
  EXPECT_EQ(value("SELECT string_agg(refund_id, ' ' ORDER BY refund_id) FROM ordersync.order_refunds"), "TQ1 TQ9");
  EXPECT_EQ(value("SELECT to_jsonb(r) FROM ordersync.order_refunds r WHERE refund_id = 'TQ1'"), before);
  EXPECT_THAT(changed(), Not(HasSubstr("refunds[TQ1]")));
  detail.refund_id.reset();
  detail.refunds.clear();
  detail.observed_at = at_ms(400);
  rehash(detail);
  commit_detail(detail);
  EXPECT_EQ(value("SELECT string_agg(refund_id, ' ' ORDER BY refund_id) FROM ordersync.order_refunds"), "TQ1 TQ9");
  EXPECT_EQ(value("SELECT string_agg(refund_id, ' ' ORDER BY refund_id) FROM ordersync.order_refund_payloads"),
            "TQ1 TQ9");
}

TEST_F(storing_details, a_superseded_request_for_a_refund_is_followed_to_its_end) {
  auto former = sample_refund();
  former.status = "waitselleragree";
  rehash(former);
  auto detail = sample_detail(200);
  detail.refund_status = "waitselleragree";
  detail.refunds.at(0).status = "waitselleragree";
  rehash(detail);
  commit_detail(detail, {former});
  const auto open = [this] { return run(details().open_refunds(1)).value(); };
  EXPECT_EQ(open(), std::vector<std::string>{"TQ1"});
  detail.refund_id = "TQ9";
  detail.refunds = {{"TQ9", "waitselleragree", {}, {}, {}}};
  detail.observed_at = at_ms(300);
  rehash(detail);
  former.status = "refundclose";
  former.completed = "2024-05-08 09:52:00";
  rehash(former);
  EXPECT_EQ(commit_detail(detail, {sample_refund("TQ9", 300), former}), written::changed);
  EXPECT_EQ(table("SELECT refund_id, status, completed_at FROM ordersync.order_refunds WHERE refund_id = 'TQ1'"),
            "TQ1,refundclose,\"2024-05-08 01:52:00+00\"");
  EXPECT_THAT(changed(), HasSubstr("refundclose"));
  EXPECT_EQ(open(), std::vector<std::string>{"TQ9"});
  detail.observed_at = at_ms(400);
  EXPECT_EQ(commit_detail(detail, {sample_refund("TQ9", 400), former}), written::unchanged);
  former.payload = "{\"status\":\"of another order\"}";
  former.id = "TQ77";
  rehash(former);
  EXPECT_EQ(commit_detail(detail, {former}), written::unchanged) << "neither named nor stored";
}

TEST_F(storing_details, the_amount_of_a_refund_is_null_where_the_api_does_not_say_it) {
  auto refund = sample_refund();
  refund.apply_payment_fen.reset();
  rehash(refund);
  commit_detail(sample_detail(200), {refund});
  EXPECT_EQ(value("SELECT amount_fen IS NULL FROM ordersync.order_refunds"), "t");
}

TEST_F(storing_details, numbers_in_steps_keep_every_digit) {
  auto detail = sample_detail(200);
  detail.payload =
      R"({"baseInfo":{"stepOrderList":[{"payFee":12345678901234567.25,"price":1e999,"amount":1e999999,"stepOrderId":99999999999999999999}]}})";
  rehash(detail);
  EXPECT_EQ(commit_detail(detail), written::created);
  EXPECT_EQ(value("SELECT concat_ws(' ', steps #>> '{0,payFee}', steps #>> '{0,price}', steps #> '{0,amount}', "
                  "steps #>> '{0,stepOrderId}') FROM ordersync.order_details"),
            "12345678901234567.25 1e999 null 99999999999999999999");
}

TEST_F(storing_details, what_cannot_be_stored_goes_to_quarantine_until_a_later_read_has_it_no_more) {
  auto detail = sample_detail(200);
  detail.notes = {{"baseInfo.refund", "not an amount", "\"1.005\""}};
  detail.unknown_paths = {"baseInfo.newField"};
  rehash(detail);
  auto refund = sample_refund();
  refund.notes = {{"gmtApply", "not a text", "{}"}};
  refund.unknown_paths = {"other"};
  commit_detail(detail, {refund});
  const std::string open = "SELECT path, reason, raw FROM ordersync.quarantine WHERE resolved_at IS NULL ORDER BY path";
  EXPECT_EQ(table(open),
            "detail.baseInfo.refund,\"not an amount\",\"\"\"1.005\"\"\"\ndetail.refunds[0].gmtApply,\"not a text\",{}");
  EXPECT_EQ(table("SELECT path, count FROM ordersync.schema_drift ORDER BY 1"),
            "detail.baseInfo.newField,1\ndetail.refunds[].other,1");
  auto otherwise = detail;
  otherwise.content_hash[0] ^= 0xFFU;
  ASSERT_EQ(run(details().rewrite({{"main", {1, otherwise, {refund}}}})).value(), 1);
  EXPECT_EQ(table("SELECT path, count FROM ordersync.schema_drift ORDER BY 1"),
            "detail.baseInfo.newField,1\ndetail.refunds[].other,1")
      << "decoded again, not read again";

  auto order = sample_order(1);
  order.order_status = 4;
  order.notes = {{"receiver", "not valid JSON", "{"}};
  rehash(order);
  store_orders({order}, 250);
  order.notes.clear();
  rehash(order);
  store_orders({order}, 260);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.quarantine WHERE resolved_at IS NULL"), "2")
      << "the order's own values and the detail's let each other be";

  detail.notes.clear();
  detail.observed_at = at_ms(300);
  rehash(detail);
  commit_detail(detail);
  EXPECT_EQ(table(open), "detail.refunds[0].gmtApply,\"not a text\",{}") << "the refund could not be read";
  detail.status = "success";
  detail.observed_at = at_ms(400);
  rehash(detail);
  commit_detail(detail, {sample_refund()});
  EXPECT_EQ(table(open), "NULL");
}

TEST_F(storing_details, numbers_go_on_from_a_history_that_was_restored_without_the_detail) {
  commit_detail(sample_detail(200));
  execute(
      "INSERT INTO ordersync.order_detail_history VALUES (1, 4, '2024-05-01', '2024-05-02', '{}', '{}');"
      "DELETE FROM ordersync.order_details");
  EXPECT_EQ(commit_detail(sample_detail(300)), written::created);
  EXPECT_EQ(value("SELECT _version FROM ordersync.order_details"), "5");
  execute("INSERT INTO ordersync.order_detail_history VALUES (1, 6, '2024-05-01', '2024-05-02', '{}', '{}')");
  auto detail = sample_detail(400);
  detail.status = "success";
  rehash(detail);
  EXPECT_EQ(commit_detail(detail), written::changed);
  EXPECT_EQ(value("SELECT string_agg(version::text, ' ' ORDER BY version) FROM ordersync.order_detail_history"),
            "4 6 7");
  EXPECT_EQ(value("SELECT _version FROM ordersync.order_details"), "8");
}

TEST_F(storing_details, a_detail_whose_commit_was_lost_is_found_and_not_written_again) {
  const auto settings = settings_for();
  store::pg::connection db{settings.url, "", never_};
  const auto twice = [&](store::details::detail_write work) {
    std::string all;
    for (int i = 0; i < 2; ++i) {
      db.exec("begin", "BEGIN");
      all += std::to_string(static_cast<int>(store::details::write_detail(db, work)));
      db.exec("commit", "COMMIT");
    }
    return all;
  };
  EXPECT_EQ(twice({"main", {1, sample_detail(200), {}}, every_rule()}), "00");
  EXPECT_EQ(twice({"main", {1, sample_detail(300), {sample_refund()}}, every_rule()}), "11");
  EXPECT_EQ(twice({"main", {1, sample_detail(400), {}}, every_rule()}), "22");
  EXPECT_EQ(value("SELECT _version FROM ordersync.order_details"), "2");
}

class fenced_details : public election_test {};

TEST_F(fenced_details, a_daemon_of_a_former_epoch_writes_none) {
  auto election = election_of("a");
  const auto daemon = daemon_of("a", lead(*election));
  store_orders({sample_order(1)});
  election.reset();
  auto successor = election_of("b");
  lead(*successor);
  for (const auto& error : {run(daemon->details().commit("main", {1, sample_detail(), {}})).error(),
                            run(daemon->details().put_off("main", 1, "why")).error(),
                            run(daemon->details().queue("main", span(0, 60))).error(),
                            run(daemon->details().set_refused("main", "why")).error()}) {
    EXPECT_EQ(error.kind, core::failure::database);
    EXPECT_THAT(error.what, HasSubstr("another daemon"));
  }
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_details"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.detail_queue"), "0");
}

}  // namespace
}  // namespace ordersync::store_test
