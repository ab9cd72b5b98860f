// Requests to the simulator's API without a socket: signed as the vendor documents it, answered by handle_page.
#pragma once

#include "api.hpp"
#include "signature.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <string>

namespace pandapon_sim::testing {

inline constexpr epoch_ms noon = 1'715'054'400'000;  // 2024-05-07 12:00:00 +08:00

inline options some_orders(std::uint32_t orders, double oddities_percent = 0) {
  options set;
  set.access_key = "key";
  set.access_secret = "secret";
  set.orders = orders;
  set.from = noon - 12 * 3'600'000;
  set.to = noon + 12 * 3'600'000;
  set.orders_from.seed = 7;
  set.orders_from.oddities = static_cast<std::uint32_t>(oddities_percent * 100);
  return set;
}

/// Signed at noon, with a nonce of its own.
inline request ask(const std::string& body, const options& set = some_orders(0)) {
  static std::uint64_t count = 0;
  const std::string number = std::to_string(++count);
  const std::string nonce = std::string(32 - number.size(), 'n') + number;
  const std::string time = std::to_string(set.timestamp_in_seconds ? noon / 1000 : noon);
  request out;
  out.method = "POST";
  out.path = "/alibaba/order/page";
  out.body = body;
  out.headers = {{"access-key", "key"},
                 {"timestamp", time},
                 {"nonce-str", nonce},
                 {"user-id", "2100007341207"},
                 {"content-type", "application/json"},
                 {"signature", sign("key", time, nonce, "secret")}};
  return out;
}

inline boost::json::object reply_to(world& w, const request& asked, epoch_ms now = noon) {
  return boost::json::parse(handle_page(w, asked, now).body).as_object();
}

inline boost::json::object reply_to(world& w, const std::string& body) {
  return reply_to(w, ask(body, w.set));
}

inline std::int64_t integer(const boost::json::object& from, const char* key) {
  return from.at(key).to_number<std::int64_t>();
}

/// The whole truth, one line an order.
inline std::string truth(const world& w) {
  std::string out;
  for (std::uint32_t slot = 0; slot < w.orders.slots(); ++slot) {
    if (const auto found = w.orders.at_slot(slot)) {
      w.orders.write_truth(out, {*found, w.orders.vanished(*found)});
      out += '\n';
    }
  }
  return out;
}

}  // namespace pandapon_sim::testing
