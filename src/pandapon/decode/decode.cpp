#include "pandapon/decode/decode.hpp"

#include "pandapon/decode/decode_order.hpp"
#include "pandapon/reply/verdict.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

namespace ordersync::pandapon::decode {

sync::page decode_page(const reply::page_slices& slices, core::instant observed_at) {
  json::json_arena arena;
  sync::page page;
  page.total = slices.total;
  page.observed_at = observed_at;
  page.orders.reserve(slices.orders.size());
  for (std::size_t i = 0; i < slices.orders.size(); ++i) {
    // In its place: an order is large.
    auto& order = page.orders.emplace_back();
    order.observed_at = observed_at;
    auto reason = read_order(slices.orders[i], arena, order);
    if (reason.empty()) continue;
    page.orders.pop_back();
    page.unusable.push_back(keep_unusable(slices.orders[i], fmt::format("data[{}]", i), std::move(reason)));
    page.unusable.back().observed_at = observed_at;
  }
  return page;
}

core::result<sync::page> decode_body(std::string body, core::instant observed_at) {
  http::http_reply reply;
  reply.status = 200;
  reply.body = std::move(body);
  const auto slices = reply::assess(reply, std::chrono::floor<std::chrono::seconds>(observed_at));
  if (!slices) return slices.error();
  return decode_page(*slices, observed_at);
}

std::optional<core::order> decode_order_text(std::string_view payload, core::instant observed_at) {
  json::json_arena arena;
  core::order order;
  if (!read_order(payload, arena, order).empty()) return std::nullopt;
  order.observed_at = observed_at;
  return order;
}

}  // namespace ordersync::pandapon::decode
