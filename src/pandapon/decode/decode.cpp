#include "pandapon/decode/decode.hpp"

#include "pandapon/decode/decode_order.hpp"
#include "pandapon/reply/verdict.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace ordersync::pandapon::decode {

sync::page decode_page(const reply::page_slices& slices, core::instant observed_at) {
  json::json_arena arena;
  sync::page page;
  page.total = slices.total;
  page.observed_at = observed_at;
  page.orders.reserve(slices.orders.size());
  for (std::size_t i = 0; i < slices.orders.size(); ++i) {
    auto decoded = decode_order(slices.orders[i], {}, arena);
    std::visit([&](auto& one) { one.observed_at = observed_at; }, decoded);
    if (auto* order = std::get_if<core::order>(&decoded); order != nullptr) {
      page.orders.push_back(std::move(*order));
    } else {
      auto& unusable = page.unusable.emplace_back(std::move(std::get<core::unusable_order>(decoded)));
      unusable.path = fmt::format("data[{}]", i);
    }
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
  auto decoded = decode_order(payload, {}, arena);
  auto* order = std::get_if<core::order>(&decoded);
  if (order == nullptr) return std::nullopt;
  order->observed_at = observed_at;
  return std::move(*order);
}

}  // namespace ordersync::pandapon::decode
