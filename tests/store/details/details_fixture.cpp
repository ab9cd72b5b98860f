#include "store/details/details_fixture.hpp"

#include <fmt/format.h>

namespace ordersync::store_test {

using store::details::written;

store::pg::detail_rules every_rule() {
  return {.paid = true,
          .shipped = true,
          .received = true,
          .finished = true,
          .refund = true,
          .closed = true,
          .younger_than = std::chrono::hours{24 * 365}};
}

void rehash(core::order_detail& d) {
  std::string all = d.tb_order_id;
  const auto add = [&all](const core::text& t) { all += '|' + t.value_or("-"); };
  const auto add_time = [&all](const std::optional<core::instant>& t) { all += '|' + (t ? core::to_text(*t) : "-"); };
  for (const auto* t : {&d.status, &d.alipay_trade_id, &d.refund_status, &d.buyer_feedback, &d.buyer_memo, &d.remark,
                        &d.close_reason, &d.close_remark})
    add(*t);
  for (const auto* t : {&d.paid_at, &d.all_shipped_at, &d.received_at, &d.completed_at}) add_time(*t);
  for (const auto& p : d.payments) add(p.status);
  for (const auto& s : d.shipments) add(s.waybill);
  for (const auto& r : d.refunds) all += "|" + r.id;
  for (const auto& c : d.contacts) add(c.full_name);
  for (const auto& n : d.notes) all += "|" + n.path + n.raw;
  d.content_hash = core::sha256_of(all);
  d.payload_sha256 = core::sha256_of(d.payload);
}

void rehash(core::refund_info& r) {
  r.content_hash = core::sha256_of(r.id + r.status.value_or("-") + r.completed.value_or("-") +
                                   std::to_string(r.apply_payment_fen.value_or(0)));
  r.payload_sha256 = core::sha256_of(r.payload);
}

core::order_detail sample_detail(int observed) {
  core::order_detail d;
  d.tb_order_id = "2042894174938880794";
  d.status = "waitbuyerreceive";
  d.created_at = at_ms(10, 1);
  d.modified_at = at_ms(60);
  d.paid_at = at_ms(20, 250);
  d.all_shipped_at = at_ms(40);
  d.alipay_trade_id = "2024050722001";
  d.refund_id = "TQ1";
  d.refund_status = "waitselleragree";
  d.total_amount_fen = 4518;
  d.shipping_fee_fen = 500;
  d.refund_fen = 0;
  d.product_payment_fen = 4018;
  d.discount_fen = -250;
  d.buyer_feedback = "canary-feedback";
  d.buyer_memo = "canary-memo";
  d.remark = "canary-remark";
  d.trade_type = "担保交易";
  d.pay_channels = {{"alipay", "bank \"card\""}};
  d.pay_timeout_s = 3600;
  d.pay_deadline = at_ms(3610, 1);
  d.payments = {{0, 1, "2", at_ms(20, 250), "1", "支付宝", 4518}};
  d.shipments = {
      {0, 11, "LP1", "SF1", "顺丰", "SF", "alreadysend", "1", at_ms(30), at_ms(29), at_ms(30), {{20428174938880794}}},
      {1, 12, "LP2", "SF2", "顺丰", "SF", "alreadysend", "1", at_ms(40), at_ms(39), at_ms(40), {}}};
  d.refunds = {{"TQ1", "waitselleragree", {}, 0, {}}};
  d.contacts = {{"buyer", "canary-buyer", "0771-1", "18275942991", "canary-company", "im"},
                {"seller", "canary-seller", "", "", "", ""}};
  d.addresses = {{"receiver", "canary-name", "18275942991", "", "532600", "451481", "广西", "崇左", "凭祥", "镇",
                  "canary-street"}};
  d.senders = {{1, "", "13900139000"}};
  d.payload =
      R"({"baseInfo":{"stepOrderList":[{"stepNo":1,"message":"canary","payFee":12.5}]},"x":"canary 18275942991"})";
  d.observed_at = at_ms(observed);
  rehash(d);
  return d;
}

core::refund_info sample_refund(const std::string& id, int observed) {
  core::refund_info r;
  r.id = id;
  r.status = "waitselleragree";
  r.alipay_payment_id = "2024050722002";
  r.apply_payment_fen = 700;
  r.applied = "2024-05-07 09:52:00";
  r.modified = "20240507095300000+0800";
  r.completed = "soon";
  r.payload =
      R"({"refundId":"TQ1","orderId":2042894174938880794,"status":"waitselleragree","sellerMobile":"canary","applyReason":"canary"})";
  r.observed_at = at_ms(observed);
  rehash(r);
  return r;
}

void details_test::SetUp() {
  store_test::SetUp();
  use(every_rule());
}

void details_test::use(std::optional<store::pg::detail_rules> rules) {
  auto settings = settings_for();
  settings.details = rules;
  store_ = store::make_database(settings, log_);
  open("main");
}

written details_test::commit_detail(core::order_detail detail, std::vector<core::refund_info> refunds,
                                    std::int64_t order_id) {
  const auto done = run(details().commit("main", {order_id, std::move(detail), std::move(refunds)}));
  EXPECT_TRUE(done.has_value()) << done.error().what;
  return done ? *done : written::no_order;
}

sync::commit_summary details_test::store_status(int status, int observed, std::int64_t id) {
  auto order = sample_order(id);
  order.order_status = status;
  rehash(order);
  return store_orders({order}, observed);
}

std::string details_test::queued() {
  return value(
      "SELECT coalesce(string_agg(order_id || CASE WHEN asked THEN ' asked' ELSE '' END, ', ' "
      "ORDER BY order_id), '') FROM ordersync.detail_queue");
}

std::string details_test::due(const std::string& account, std::size_t most) {
  std::string ids;
  for (const auto& one : run(details().due(account, most)).value())
    ids += fmt::format("{}{}", ids.empty() ? "" : " ", one.order_id);
  return ids;
}

std::string details_test::detail_versions() {
  std::string all;
  for (const auto* name : {"order_details", "order_payments", "order_shipments", "order_refunds", "order_contacts",
                           "order_detail_payloads", "order_refund_payloads", "order_detail_history", "quarantine",
                           "schema_drift", "orders"})
    all += fmt::format("{}: {}\n", name,
                       value(fmt::format("SELECT string_agg(concat(ctid, ' ', xmin, ' ', xmax), ', ' ORDER BY ctid) "
                                         "FROM ordersync.{}",
                                         name)));
  return all;
}

}  // namespace ordersync::store_test
