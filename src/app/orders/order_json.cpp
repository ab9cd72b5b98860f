#include "app/orders/order_json.hpp"

#include "core/time.hpp"

#include <boost/json/array.hpp>

#include <string>

namespace ordersync::app::orders {

namespace json = boost::json;
namespace reports = store::reports;

namespace {

json::value text_or_null(const core::text& text) {
  return text ? json::value(*text) : json::value(nullptr);
}
json::value number_or_null(const core::integer& number) {
  return number ? json::value(*number) : json::value(nullptr);
}
json::value moment_or_null(const std::optional<core::instant>& at) {
  return at ? json::value(core::to_text(*at)) : json::value(nullptr);
}

template <class List, class Convert>
json::array array_of(const List& list, Convert convert) {
  json::array array;
  for (const auto& one : list) array.push_back(convert(one));
  return array;
}

json::object range_of(const core::window& w) {
  return {{"from", core::to_text(w.begin)}, {"to", core::to_text(w.end)}};
}

json::object change_of(const reports::field_change& change) {
  return {{"field", change.field},
          {"from", text_or_null(change.before)},
          {"to", text_or_null(change.after)},
          {"text", change.text}};
}

json::object line_of(const reports::order_line& line) {
  return {{"id", std::to_string(line.id)},
          {"sub_tb_order_id", text_or_null(line.sub_tb_order_id)},
          {"product_id", text_or_null(line.product_id)},
          {"name", text_or_null(line.name)},
          {"quantity", text_or_null(line.quantity)},
          {"unit", text_or_null(line.unit)},
          {"sku", text_or_null(line.sku)},
          {"price_fen", number_or_null(line.price_fen)},
          {"item_amount_fen", number_or_null(line.item_amount_fen)},
          {"refund_fen", number_or_null(line.refund_fen)},
          {"status", text_or_null(line.status_name)},
          {"status_code", number_or_null(line.status)}};
}

json::object version_of(const reports::order_version& version) {
  return {{"version", version.version},   {"since", core::to_text(version.since)},
          {"account", version.account},   {"status", text_or_null(version.status_name)},
          {"vanished", version.vanished}, {"changes", array_of(version.changes, change_of)}};
}

json::value read_of(const std::optional<reports::order_read>& read) {
  if (!read) return nullptr;
  return json::object{{"at", core::to_text(read->finished_at)}, {"kind", read->kind},     {"apart", read->apart},
                      {"range", range_of(read->window)},        {"proven", read->proven}, {"reason", read->reason}};
}

json::value erasure_of(const std::optional<reports::order_erasure>& erased) {
  if (!erased) return nullptr;
  return json::object{
      {"at", core::to_text(erased->at)}, {"personal_data", erased->personal_data}, {"reason", erased->reason}};
}

json::object quarantine_of(const reports::order_quarantine& value) {
  return {
      {"id", std::to_string(value.id)}, {"path", value.path}, {"reason", value.reason}, {"accepted", value.accepted}};
}

json::object payment_of(const reports::order_payment& payment) {
  return {{"phase", text_or_null(payment.phase)},
          {"status", text_or_null(payment.status)},
          {"way", text_or_null(payment.way)},
          {"paid_at", moment_or_null(payment.paid_at)},
          {"amount_fen", number_or_null(payment.amount_fen)}};
}

json::object parcel_of(const reports::order_parcel& parcel) {
  return {{"company", text_or_null(parcel.company)},
          {"waybill_number", text_or_null(parcel.waybill_number)},
          {"status", text_or_null(parcel.status)},
          {"shipped_at", moment_or_null(parcel.shipped_at)},
          {"lines", parcel.lines}};
}

json::object refund_of(const reports::order_refund& refund) {
  return {{"id", refund.id},
          {"status", text_or_null(refund.status)},
          {"after_sale_status", text_or_null(refund.after_sale_status)},
          {"amount_fen", number_or_null(refund.amount_fen)},
          {"created_at", moment_or_null(refund.created_at)},
          {"modified_at", moment_or_null(refund.modified_at)},
          {"completed_at", moment_or_null(refund.completed_at)}};
}

json::value detail_of(const std::optional<reports::order_detail>& detail) {
  if (!detail) return nullptr;
  return json::object{{"read_at", core::to_text(detail->observed_at)},
                      {"version", detail->version},
                      {"paid_at", moment_or_null(detail->paid_at)},
                      {"all_shipped_at", moment_or_null(detail->all_shipped_at)},
                      {"received_at", moment_or_null(detail->received_at)},
                      {"confirmed_at", moment_or_null(detail->confirmed_at)},
                      {"completed_at", moment_or_null(detail->completed_at)},
                      {"pay_deadline", moment_or_null(detail->pay_deadline)},
                      {"alipay_trade_id", text_or_null(detail->alipay_trade_id)},
                      {"closed_by", text_or_null(detail->closed_by)},
                      {"payments", array_of(detail->payments, payment_of)},
                      {"parcels", array_of(detail->parcels, parcel_of)},
                      {"refunds", array_of(detail->refunds, refund_of)}};
}

json::value awaited_of(const std::optional<reports::awaited_detail>& awaited) {
  if (!awaited) return nullptr;
  return json::object{
      {"due_at", core::to_text(awaited->due_at)}, {"tries", awaited->tries}, {"reason", text_or_null(awaited->reason)}};
}

json::object address_of(const std::vector<reports::named_value>& fields) {
  json::object object;
  for (const auto& field : fields) object[field.name] = text_or_null(field.value);
  return object;
}

}  // namespace

json::object json_of(const reports::order_report& order) {
  json::object object{{"id", std::to_string(order.id)},
                      {"order_no", text_or_null(order.order_no)},
                      {"tb_order_id", text_or_null(order.tb_order_id)},
                      {"account", order.account},
                      {"status", text_or_null(order.status_name)},
                      {"status_code", number_or_null(order.status)},
                      {"pay_status", text_or_null(order.pay_status_name)},
                      {"pay_status_code", number_or_null(order.pay_status)},
                      {"refund_status_code", number_or_null(order.refund_status)},
                      {"seller_login_id", text_or_null(order.seller_login_id)},
                      {"close_reason", text_or_null(order.close_reason)},
                      {"product_amount_fen", number_or_null(order.product_amount_fen)},
                      {"shipping_fee_fen", number_or_null(order.shipping_fee_fen)},
                      {"discount_fen", number_or_null(order.discount_fen)},
                      {"total_amount_fen", number_or_null(order.total_amount_fen)},
                      {"refund_amount_fen", number_or_null(order.refund_amount_fen)},
                      {"created_at", moment_or_null(order.created_at)},
                      {"tb_created_at", moment_or_null(order.tb_created_at)},
                      {"first_seen_at", core::to_text(order.first_seen_at)},
                      {"changed_at", core::to_text(order.changed_at)},
                      {"vanished_at", moment_or_null(order.vanished_at)},
                      {"version", order.version},
                      {"proven", order.proven},
                      {"last_read", read_of(order.last_read)},
                      {"erased", erasure_of(order.erased)},
                      {"quarantine", array_of(order.quarantine, quarantine_of)},
                      {"items", array_of(order.lines, line_of)},
                      {"history", array_of(order.history, version_of)},
                      {"detail", detail_of(order.detail)},
                      {"detail_due", awaited_of(order.detail_due)}};
  if (!order.receiver.empty()) object["receiver"] = address_of(order.receiver);
  if (!order.warehouse_address.empty()) object["warehouse_address"] = address_of(order.warehouse_address);
  return object;
}

json::object json_of(const absence& of) {
  json::array gaps;
  for (const auto& account : of.gaps)
    for (const auto& gap : account.gaps)
      gaps.push_back(json::object{{"account", account.account},
                                  {"from", core::to_text(gap.window.begin)},
                                  {"to", core::to_text(gap.window.end)},
                                  {"reason", gap.reason}});
  return {{"reasons",
           array_of(of.reasons,
                    [](const absence_reason& reason) {
                      return json::object{{"code", reason.code}, {"account", reason.account}, {"text", reason.text}};
                    })},
          {"gaps", std::move(gaps)}};
}

json::value detail_of(const std::optional<refreshed_detail>& detail) {
  if (!detail) return nullptr;
  return json::object{{"outcome", detail->outcome},
                      {"reason", detail->reason},
                      {"refunds", detail->refunds},
                      {"refunds_missing", detail->missing}};
}

json::object json_of(const refreshed& of) {
  return {{"number", of.number},
          {"outcome", name(of.outcome)},
          {"order_id", of.order_id ? json::value(std::to_string(*of.order_id)) : json::value(nullptr)},
          {"account", of.account},
          {"changes", array_of(of.changes, change_of)},
          {"searched", of.searched ? json::value(range_of(*of.searched)) : json::value(nullptr)},
          {"searched_all", of.searched_all},
          {"detail", detail_of(of.detail)}};
}

json::object lookup_json(std::string_view number, const std::vector<reports::order_report>& orders,
                         const std::optional<absence>& absent) {
  return {{"number", number},
          {"orders", array_of(orders, [](const reports::order_report& order) { return json_of(order); })},
          {"absent", absent ? json::value(json_of(*absent)) : json::value(nullptr)}};
}

}  // namespace ordersync::app::orders
