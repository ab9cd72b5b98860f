#include "app/tasks/redecoding.hpp"

#include "pandapon/decode/decode.hpp"
#include "pandapon/detail/decode_detail.hpp"
#include "pandapon/detail/decode_refund.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace ordersync::app::tasks {

namespace asio = boost::asio;
using store::details::read_detail;
using store::details::stored_detail;

namespace {

struct redecoded {
  read_detail read;
  bool differs = false;
};

// None: it cannot be decoded any more. What was not read of a refund stays as it is.
std::optional<redecoded> decode(const stored_detail& stored) {
  auto detail = pandapon::detail::decode_detail(stored.detail.text, stored.tb_order_id, stored.observed_at);
  if (detail.has_error()) return std::nullopt;
  redecoded again;
  again.differs = detail->content_hash != stored.detail.content_hash;
  for (const auto& [id, payload] : stored.refunds) {
    auto refund = pandapon::detail::decode_refund(payload.text, id, stored.observed_at);
    if (refund.has_error()) continue;
    again.differs = again.differs || refund->content_hash != payload.content_hash;
    again.read.refunds.push_back(std::move(*refund));
  }
  again.read.order_id = stored.order_id;
  again.read.detail = std::move(*detail);
  return again;
}

void add_unknown(std::vector<std::string>& paths, const read_detail& read) {
  paths.insert(paths.end(), read.detail.unknown_paths.begin(), read.detail.unknown_paths.end());
  for (const auto& refund : read.refunds)
    for (const auto& path : refund.unknown_paths) paths.push_back("refunds[]." + path);
}

}  // namespace

redecoded_orders decode_again(const std::vector<store::maintenance::stored_payload>& payloads) {
  redecoded_orders result;
  for (const auto& payload : payloads) {
    auto order = pandapon::decode::decode_order_text(payload.text, payload.observed_at);
    // A payload holds the id that it is stored under; if not, something is wrong.
    if (order && order->id == payload.order_id)
      result.orders.push_back(std::move(*order));
    else
      ++result.unusable;
  }
  return result;
}

asio::awaitable<core::result<redecoded_details>> decode_details_again(store::database& database,
                                                                      std::vector<std::int64_t> order_ids) {
  redecoded_details result;
  const auto stored = co_await database.details().payloads(std::move(order_ids));
  if (stored.has_error()) co_return stored.error();
  std::vector<store::details::redecoded_detail> differing;
  for (const auto& one : *stored) {
    result.orders.push_back(one.order_id);
    auto again = decode(one);
    if (!again) continue;
    add_unknown(result.unknown_paths, again->read);
    if (again->differs) differing.push_back({one.account, std::move(again->read)});
  }
  if (differing.empty()) co_return result;
  const auto changed = co_await database.details().rewrite(std::move(differing));
  if (changed.has_error()) co_return changed.error();
  result.changed = *changed;
  co_return result;
}

}  // namespace ordersync::app::tasks
