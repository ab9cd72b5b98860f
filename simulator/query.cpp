#include "query.hpp"

#include <boost/json.hpp>

#include <array>
#include <optional>
#include <string>

namespace pandapon_sim {
namespace {

namespace json = boost::json;

bool unused(const json::value* value) {
  return value == nullptr || value->is_null() || (value->is_string() && value->get_string().empty()) ||
         (value->is_array() && value->get_array().empty());
}

refusal wrong(std::string_view name, std::string_view why) {
  return {40003, std::string(name).append(" ").append(why)};
}

refusal read_count(const json::object& body, json::string_view name, std::uint32_t& out) {
  const json::value* value = body.if_contains(name);
  if (value == nullptr || !value->is_int64()) return wrong(name, "must be an integer");
  const std::int64_t count = value->get_int64();
  if (count < 1 || count > 1'000'000) return wrong(name, "must be from 1 to 1000000");
  out = static_cast<std::uint32_t>(count);
  return {};
}

unused_filter fate_of(const json::value* value, const unused_filters& how) {
  if (value == nullptr) return how.omitted;
  return value->is_null() ? how.null : how.empty;
}

refusal read_users(const json::object& body, const unused_filters& how, filter& out) {
  const json::value* value = body.if_contains("userIdList");
  if (unused(value) && fate_of(value, how) == unused_filter::refused) return wrong("userIdList", "is required");
  if (unused(value)) return {};
  if (!value->is_array()) return wrong("userIdList", "must be an array of strings");
  for (const json::value& user : value->get_array()) {
    if (!user.is_string()) return wrong("userIdList", "must be an array of strings");
    out.user_ids.emplace_back(user.get_string());
  }
  return {};
}

refusal read_order_filters(const json::object& body, const unused_filters& how, filter& out) {
  const json::value* tb_order = body.if_contains("tbOrderId");
  if (unused(tb_order)) {
    if (fate_of(tb_order, how) == unused_filter::refused) return wrong("tbOrderId", "is required");
  } else {
    if (!tb_order->is_string()) return wrong("tbOrderId", "must be a string");
    out.tb_order_id = std::string(tb_order->get_string());
  }
  const json::value* status = body.if_contains("orderStatus");
  if (unused(status)) {
    const unused_filter fate = fate_of(status, how);
    if (fate == unused_filter::refused) return wrong("orderStatus", "is required");
    out.only_open = fate == unused_filter::open;
  } else {
    if (!status->is_int64()) return wrong("orderStatus", "must be an integer");
    out.status = status->get_int64();
  }
  return {};
}

refusal read_time(const json::object& body, json::string_view name, std::optional<epoch_ms>& out) {
  const json::value* value = body.if_contains(name);
  if (unused(value)) return {};
  if (!value->is_string()) return wrong(name, "must be a string");
  const json::string& text = value->get_string();
  out = parse_request_time(std::string_view(text.data(), text.size()));
  if (!out) return {40004, std::string(name).append(" must be yyyy-MM-dd HH:mm:ss")};
  return {};
}

refusal read_times(const json::object& body, asked_times& out) {
  if (refusal r = read_time(body, "orderTimeBegin", out.begin); r.code != 0) return r;
  if (refusal r = read_time(body, "orderTimeEnd", out.end); r.code != 0) return r;
  if (out.begin && out.end && *out.end < *out.begin) return {40004, "orderTimeEnd is before orderTimeBegin"};
  return {};
}

refusal refuse_unknown(const json::object& body) {
  static constexpr std::array<json::string_view, 7> known{"pageNum",     "pageSize",       "userIdList",  "tbOrderId",
                                                          "orderStatus", "orderTimeBegin", "orderTimeEnd"};
  for (const auto& member : body) {
    bool found = false;
    for (const json::string_view name : known) found = found || name == member.key();
    if (!found) return {40002, "unknown parameter"};
  }
  return {};
}

}  // namespace

refusal read_query(std::string_view body, const manners& how, query& out) {
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(body.data(), body.size()), error);
  if (error || !parsed.is_object()) return {40001, "the body must be a JSON object"};
  const json::object& fields = parsed.get_object();
  if (refusal r = refuse_unknown(fields); r.code != 0) return r;
  if (refusal r = read_count(fields, "pageNum", out.page); r.code != 0) return r;
  if (refusal r = read_count(fields, "pageSize", out.page_size); r.code != 0) return r;
  if (refusal r = read_users(fields, how.unused, out.wanted); r.code != 0) return r;
  if (refusal r = read_order_filters(fields, how.unused, out.wanted); r.code != 0) return r;
  out.names_status = out.wanted.status.has_value();
  return read_times(fields, out.times);
}

}  // namespace pandapon_sim
