#include "pandapon/request.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace ordersync::pandapon {
namespace {

namespace json = boost::json;

// "2024-05-07 09:52:00" by the API's clock.
std::string wall_time(core::second time, std::chrono::seconds offset) {
  auto text = core::to_text(time + offset);
  text.pop_back();  // the Z, which it is not
  text[text.find('T')] = ' ';
  return text;
}

void add_unused(json::object& body, const char* name, json::value empty, unused_filters how) {
  if (how == unused_filters::null) body[name] = nullptr;
  if (how == unused_filters::empty) body[name] = std::move(empty);
}

bool fits_a_header(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

}  // namespace

std::string request_body(const sync::page_request& request, const request_style& style) {
  json::object body;
  body["pageNum"] = request.page;
  body["pageSize"] = request.page_size;
  if (style.user_id_list.empty()) {
    add_unused(body, "userIdList", json::array{}, style.unused);
  } else {
    auto& list = body["userIdList"].emplace_array();
    for (const auto& id : style.user_id_list) list.emplace_back(id);
  }
  add_unused(body, "tbOrderId", "", style.unused);
  if (request.status)
    body["orderStatus"] = *request.status;
  else
    add_unused(body, "orderStatus", nullptr, style.unused);
  body["orderTimeBegin"] = wall_time(request.window.begin - std::chrono::seconds{1}, style.zone_offset);
  body["orderTimeEnd"] = wall_time(request.window.end, style.zone_offset);
  return json::serialize(body);
}

std::string exact_body(const exact_range& range, int page_size, std::optional<int> status, const request_style& style) {
  // request_body widens by a second at the beginning.
  const core::window widened{range.begin + std::chrono::seconds{1}, range.end};
  return request_body({.window = widened, .page = 1, .page_size = page_size, .status = status}, style);
}

std::string look_up_body(const std::string& tb_order_id, const core::window& around, const request_style& style) {
  json::object body;
  body["pageNum"] = 1;
  body["pageSize"] = 20;  // a number belongs to one order; more would be a filter that is not applied
  add_unused(body, "userIdList", json::array{}, style.unused);
  body["tbOrderId"] = tb_order_id;
  add_unused(body, "orderStatus", nullptr, style.unused);
  body["orderTimeBegin"] = wall_time(around.begin, style.zone_offset);
  body["orderTimeEnd"] = wall_time(around.end, style.zone_offset);
  return json::serialize(body);
}

std::string detail_body(const std::string& tb_order_id) {
  json::object body;
  body["webSite"] = "1688";
  body["orderId"] = tb_order_id;
  return json::serialize(body);
}

std::string refund_target(const std::string& path, std::string_view refund_id) {
  auto target = path + "?refundId=";
  for (const char c : refund_id) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    target += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return target;
}

core::result<header_list> system_headers(const credentials& who, const request_style& style, core::instant now,
                                         const random_source& random) {
  if (!fits_a_header(who.access_key) || !fits_a_header(who.user_id) || who.access_secret.empty()) {
    return core::make_error(core::failure::input,
                            "access_key, user_id or the access secret is empty, or contains spaces or characters not "
                            "allowed in a header; check the account's settings and its secret file");
  }
  const auto since = now.time_since_epoch();
  const auto count = style.unit == timestamp_unit::milliseconds
                         ? since.count()
                         : std::chrono::floor<std::chrono::seconds>(since).count();
  const auto timestamp = std::to_string(count);
  const auto nonce = make_nonce(random);
  return header_list{{"access-key", who.access_key},
                     {"timestamp", timestamp},
                     {"nonce-str", nonce},
                     {"user-id", who.user_id},
                     {"signature", sign(who.access_key, timestamp, nonce, who.access_secret)}};
}

}  // namespace ordersync::pandapon
