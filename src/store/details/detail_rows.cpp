#include "store/details/detail_rows.hpp"

#include "store/details/served_json.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace ordersync::store::details {
namespace {

namespace json = boost::json;

template <class T>
json::value to_json(const T& value) {
  return json::value(value);
}
json::value to_json(core::instant at) {
  return json::string(core::to_text(at));
}
json::value to_json(const core::sha256& hash) {
  return json::string("\\x" + core::to_hex(hash));
}
template <class T>
json::value to_json(const std::vector<T>& list) {
  json::array all;
  for (const auto& one : list) all.push_back(json::value(one));
  return all;
}
template <class T>
json::value to_json(const std::optional<T>& value) {
  return value ? to_json(*value) : json::value{};
}

json::object detail_row(std::int64_t id, const core::order_detail& d, const json::value& steps) {
  return {{"order_id", id},
          {"status", to_json(d.status)},
          {"created_at", to_json(d.created_at)},
          {"modified_at", to_json(d.modified_at)},
          {"paid_at", to_json(d.paid_at)},
          {"all_shipped_at", to_json(d.all_shipped_at)},
          {"received_at", to_json(d.received_at)},
          {"confirmed_at", to_json(d.confirmed_at)},
          {"completed_at", to_json(d.completed_at)},
          {"pay_deadline", to_json(d.pay_deadline)},
          {"total_amount_fen", to_json(d.total_amount_fen)},
          {"product_amount_fen", to_json(d.product_payment_fen)},
          {"shipping_fee_fen", to_json(d.shipping_fee_fen)},
          {"discount_fen", to_json(d.discount_fen)},
          {"refund_amount_fen", to_json(d.refund_fen)},
          {"alipay_trade_id", to_json(d.alipay_trade_id)},
          {"refund_id", to_json(d.refund_id)},
          {"refund_status", to_json(d.refund_status)},
          {"after_sale_status", to_json(d.refund_status_after_sale)},
          {"buyer_feedback", to_json(d.buyer_feedback)},
          {"buyer_memo", to_json(d.buyer_memo)},
          {"remark", to_json(d.remark)},
          {"close_reason", to_json(d.close_reason)},
          {"close_remark", to_json(d.close_remark)},
          {"closed_by", to_json(d.closed_by)},
          {"trade_type", to_json(d.trade_type)},
          {"pay_channels", to_json(d.pay_channels)},
          {"steps", steps}};
}

json::object payment_row(std::int64_t id, const core::order_payment& p) {
  return {{"order_id", id},
          {"position", p.position},
          {"phase", p.phase ? json::value(std::to_string(*p.phase)) : json::value{}},
          {"pay_status", to_json(p.status)},
          {"paid_at", to_json(p.paid_at)},
          {"pay_way", to_json(p.way)},
          {"pay_way_name", to_json(p.way_name)},
          {"amount_fen", to_json(p.amount_fen)}};
}

json::object shipment_row(std::int64_t id, const core::order_shipment& s) {
  return {{"order_id", id},
          {"position", s.position},
          {"id", s.id ? json::value(std::to_string(*s.id)) : json::value{}},
          {"code", to_json(s.logistics_code)},
          {"company_name", to_json(s.company)},
          {"company_code", to_json(s.company_no)},
          {"waybill_number", to_json(s.waybill)},
          {"status", to_json(s.status)},
          {"type", to_json(s.type)},
          {"shipped_at", to_json(s.shipped_at)},
          {"created_at", to_json(s.created_at)},
          {"modified_at", to_json(s.modified_at)},
          {"item_ids", to_json(s.line_ids)}};
}

const json::object* find_row(const json::array& rows, std::string_view refund_id) {
  for (const auto& row : rows)
    if (row.as_object().at("refund_id") == json::string_view{refund_id.data(), refund_id.size()})
      return &row.as_object();
  return nullptr;
}

std::optional<core::instant> time_of(const core::text& text, std::chrono::minutes zone) {
  return text ? refund_time(*text, zone) : std::nullopt;
}

void say_what_was_read(json::object& row, const core::refund_info& info, const json::value& raw,
                       std::chrono::minutes zone) {
  const auto created = time_of(info.created, zone);
  if (row.at("status").is_null()) row["status"] = to_json(info.status);
  row["amount_fen"] = to_json(info.apply_payment_fen ? info.apply_payment_fen : info.refund_payment_fen);
  row["created_at"] = to_json(created ? created : time_of(info.applied, zone));
  row["modified_at"] = to_json(time_of(info.modified, zone));
  row["completed_at"] = to_json(time_of(info.completed, zone));
  row["alipay_payment_id"] = to_json(info.alipay_payment_id);
  row["raw"] = raw;
  row["_content_hash"] = to_json(info.content_hash);
}

void keep_what_is_held(json::object& row, const json::object& held) {
  for (const auto* name : {"created_at", "modified_at", "completed_at", "alipay_payment_id", "raw", "_content_hash"})
    row[name] = held.at(name);
  if (row.at("status").is_null()) row["status"] = held.at("status");
  // Of one that was never read, earlier programs stored the order's amount.
  if (!held.at("_content_hash").is_null()) row["amount_fen"] = held.at("amount_fen");
}

json::object refund_row(const read_detail& read, const core::order_refund& r, const served_parts& parts,
                        const json::object* held, std::chrono::minutes zone) {
  json::object row{{"order_id", read.order_id},    {"refund_id", r.id},
                   {"status", to_json(r.status)},  {"after_sale_status", to_json(r.status_after_sale)},
                   {"amount_fen", nullptr},        {"created_at", nullptr},
                   {"modified_at", nullptr},       {"completed_at", nullptr},
                   {"alipay_payment_id", nullptr}, {"raw", nullptr},
                   {"_content_hash", nullptr}};
  const auto info = std::ranges::find(read.refunds, r.id, &core::refund_info::id);
  if (info != read.refunds.end()) {
    const auto raw = parts.refunds.find(r.id);
    say_what_was_read(row, *info, raw == parts.refunds.end() ? json::value{} : raw->second, zone);
  } else if (held != nullptr) {
    keep_what_is_held(row, *held);
  }
  return row;
}

// The detail names the latest requests. Those that it does not name any more stay as they were, or as they were read
// beside it.
void add_former_refunds(const read_detail& read, const served_parts& parts, const json::array& held,
                        std::chrono::minutes zone, json::array& rows) {
  json::array former;
  for (const auto& one : held) {
    const std::string id{std::string_view{one.as_object().at("refund_id").as_string()}};
    if (find_row(rows, id) != nullptr) continue;
    auto row = one.as_object();
    row["order_id"] = read.order_id;
    const auto info = std::ranges::find(read.refunds, id, &core::refund_info::id);
    if (info != read.refunds.end()) {
      const auto raw = parts.refunds.find(id);
      if (info->status) row["status"] = to_json(info->status);
      say_what_was_read(row, *info, raw == parts.refunds.end() ? json::value{} : raw->second, zone);
    }
    former.push_back(std::move(row));
  }
  for (auto& row : former) rows.push_back(std::move(row));
}

json::object contact_row(std::int64_t id, std::string_view role) {
  json::object row{{"order_id", id}, {"role", role}};
  for (const auto* name : {"full_name", "company", "mobile", "phone", "email", "post_code", "division_code", "province",
                           "city", "area", "town", "address"})
    row[name] = nullptr;
  return row;
}

json::array contact_rows(std::int64_t id, const core::order_detail& d) {
  json::array rows;
  for (const auto& c : d.contacts) {
    auto row = contact_row(id, c.role);
    row["full_name"] = to_json(c.full_name);
    row["company"] = to_json(c.company);
    row["mobile"] = to_json(c.mobile);
    row["phone"] = to_json(c.phone);
    rows.push_back(std::move(row));
  }
  for (const auto& a : d.addresses) {
    auto row = contact_row(id, a.role);
    row["full_name"] = to_json(a.full_name);
    row["mobile"] = to_json(a.mobile);
    row["phone"] = to_json(a.phone);
    row["post_code"] = to_json(a.post_code);
    row["division_code"] = to_json(a.division_code);
    row["province"] = to_json(a.province);
    row["city"] = to_json(a.city);
    row["area"] = to_json(a.area);
    row["town"] = to_json(a.town);
    row["address"] = to_json(a.address);
    rows.push_back(std::move(row));
  }
  for (const auto& s : d.senders) {
    auto row = contact_row(id, fmt::format("sender {}", s.position));
    row["mobile"] = to_json(s.mobile);
    row["phone"] = to_json(s.phone);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

served_parts parts_of(const read_detail& read) {
  served_parts parts{steps_of(read.detail.payload), {}};
  for (const auto& refund : read.refunds) parts.refunds.emplace(refund.id, impersonal_refund(refund.payload));
  return parts;
}

detail_rows rows_of(const read_detail& read, const served_parts& parts, const json::array& held,
                    std::chrono::minutes api_zone) {
  const auto& d = read.detail;
  detail_rows rows;
  rows.detail = detail_row(read.order_id, d, parts.steps);
  for (const auto& p : d.payments) rows.payments.push_back(payment_row(read.order_id, p));
  for (const auto& s : d.shipments) rows.shipments.push_back(shipment_row(read.order_id, s));
  for (const auto& r : d.refunds) rows.refunds.push_back(refund_row(read, r, parts, find_row(held, r.id), api_zone));
  add_former_refunds(read, parts, held, api_zone, rows.refunds);
  rows.contacts = contact_rows(read.order_id, d);
  return rows;
}

}  // namespace ordersync::store::details
