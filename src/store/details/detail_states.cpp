#include "store/details/detail_rows.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace ordersync::store::details {
namespace {

namespace json = boost::json;
using orders::in_state;
using orders::table_shape;

// Columns are the keys, those of the state, and the others.
table_shape shape(std::string_view name, std::vector<std::string_view> keys,
                  const std::vector<orders::state_column>& state, const std::vector<std::string_view>& others) {
  table_shape its{name, keys, static_cast<int>(keys.size()), {}, state};
  for (const auto& column : state)
    if (std::find(keys.begin(), keys.end(), column.name) == keys.end()) its.columns.push_back(column.name);
  its.columns.insert(its.columns.end(), others.begin(), others.end());
  return its;
}

constexpr auto plain = in_state::plain;
constexpr auto as_time = in_state::time;

const table_shape& texts_shape() {
  static const auto its =
      shape("order_details", {"order_id"},
            {{"buyer_feedback", plain}, {"buyer_memo", plain}, {"remark", plain}, {"close_remark", plain}}, {});
  return its;
}

detail_shapes make_shapes() {
  return {shape("order_details", {"order_id"},
                {{"status", plain},           {"created_at", as_time},       {"modified_at", as_time},
                 {"paid_at", as_time},        {"all_shipped_at", as_time},   {"received_at", as_time},
                 {"confirmed_at", as_time},   {"completed_at", as_time},     {"pay_deadline", as_time},
                 {"total_amount_fen", plain}, {"product_amount_fen", plain}, {"shipping_fee_fen", plain},
                 {"discount_fen", plain},     {"refund_amount_fen", plain},  {"alipay_trade_id", plain},
                 {"refund_id", plain},        {"refund_status", plain},      {"after_sale_status", plain},
                 {"close_reason", plain},     {"closed_by", plain},          {"trade_type", plain},
                 {"pay_channels", plain},     {"steps", in_state::json}},
                {"buyer_feedback", "buyer_memo", "remark", "close_remark"}),
          shape("order_payments", {"order_id", "position"},
                {{"position", plain},
                 {"phase", plain},
                 {"pay_status", plain},
                 {"paid_at", as_time},
                 {"pay_way", plain},
                 {"pay_way_name", plain},
                 {"amount_fen", plain}},
                {}),
          shape("order_shipments", {"order_id", "position"},
                {{"position", plain},
                 {"id", plain},
                 {"code", plain},
                 {"company_name", plain},
                 {"company_code", plain},
                 {"waybill_number", plain},
                 {"status", plain},
                 {"type", plain},
                 {"shipped_at", as_time},
                 {"created_at", as_time},
                 {"modified_at", as_time},
                 {"item_ids", in_state::texts}},
                {}),
          shape("order_refunds", {"order_id", "refund_id"},
                {{"refund_id", plain},
                 {"status", plain},
                 {"after_sale_status", plain},
                 {"amount_fen", plain},
                 {"created_at", as_time},
                 {"modified_at", as_time},
                 {"completed_at", as_time},
                 {"alipay_payment_id", plain},
                 {"raw", in_state::json}},
                {"_content_hash"}),
          shape("order_contacts", {"order_id", "role"},
                {{"role", plain},
                 {"full_name", plain},
                 {"company", plain},
                 {"mobile", plain},
                 {"phone", plain},
                 {"email", plain},
                 {"post_code", plain},
                 {"division_code", plain},
                 {"province", plain},
                 {"city", plain},
                 {"area", plain},
                 {"town", plain},
                 {"address", plain}},
                {})};
}

json::object old_and_new(const json::value& held, const json::value& now) {
  return {{"old", held}, {"new", now}};
}

const json::object& no_members() {
  static const json::object none;
  return none;
}

// Members of two rows of the same columns.
void compare_rows(const std::string& path, const json::object& held, const json::object& now, json::object& found) {
  for (const auto& member : now) {
    const auto* before = held.if_contains(member.key());
    const json::value was = before == nullptr ? json::value{} : *before;
    if (was != member.value())
      found[fmt::format("{}{}", path, std::string_view{member.key()})] = old_and_new(was, member.value());
  }
}

// What tells a row of the list from the others.
std::string key_in(std::string_view list, const json::object& row) {
  const auto text = [&row](const char* name) { return std::string{row.at(name).as_string()}; };
  if (list == "refunds") return text("refund_id");
  if (list == "shipments" && row.at("id").is_string()) return text("id");
  return std::to_string(row.at("position").as_int64());
}

const json::object* find_key(std::string_view list, const json::array& rows, const std::string& key) {
  for (const auto& row : rows)
    if (key_in(list, row.as_object()) == key) return &row.as_object();
  return nullptr;
}

const json::array& list_in(const json::object& state, std::string_view list) {
  static const json::array none;
  const auto* held = state.if_contains(list);
  return held == nullptr ? none : held->as_array();
}

void compare_lists(std::string_view list, const json::object& held, const json::object& now, json::object& found) {
  const auto& before = list_in(held, list);
  const auto& after = list_in(now, list);
  for (const auto& row : after) {
    const auto key = key_in(list, row.as_object());
    const auto path = fmt::format("{}[{}]", list, key);
    const auto* was = find_key(list, before, key);
    if (was == nullptr)
      found[path] = old_and_new(nullptr, row);
    else
      compare_rows(path + ".", *was, row.as_object(), found);
  }
  for (const auto& row : before) {
    const auto key = key_in(list, row.as_object());
    if (find_key(list, after, key) == nullptr) found[fmt::format("{}[{}]", list, key)] = old_and_new(row, nullptr);
  }
}

}  // namespace

const detail_shapes& shapes_of_details() {
  static const auto shapes = make_shapes();
  return shapes;
}

const table_shape& free_texts() {
  return texts_shape();
}

json::object differences(const json::object& held, const json::object& now, const json::object& held_personal,
                         const json::object& new_personal) {
  json::object found;
  const auto* detail = held.if_contains("detail");
  compare_rows("", detail == nullptr ? no_members() : detail->as_object(), now.at("detail").as_object(), found);
  for (const auto* list : {"payments", "shipments", "refunds"}) compare_lists(list, held, now, found);
  for (const auto& member : new_personal) {
    const auto* before = held_personal.if_contains(member.key());
    if (before == nullptr || *before != member.value()) found[member.key()] = "changed";
  }
  if (found.empty()) found["payload"] = "changed";
  return found;
}

}  // namespace ordersync::store::details
