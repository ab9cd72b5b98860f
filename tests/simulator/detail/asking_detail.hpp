// Calls about one order, without a socket.
#pragma once

#include "detail/calls.hpp"
#include "identity.hpp"
#include "simulator/behaving.hpp"

#include <boost/json.hpp>

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

namespace pandapon_sim::testing {

inline request ask_detail(const std::string& number, const std::string& site = "1688") {
  request out = ask(R"({"webSite":")" + site + R"(","orderId":")" + number + R"("})");
  out.path = "/alibaba/order/detail";
  return out;
}

inline request ask_refund(const std::string& id) {
  request out = ask("");
  out.path = "/alibaba/refund/info";
  out.query = "refundId=" + id;
  return out;
}

inline boost::json::object reply_of(world& w, const request& asked, epoch_ms now = noon) {
  return boost::json::parse(handle_detail(w, asked, now).body).as_object();
}

/// 1688's number of the order.
inline std::string number_of(entry which) {
  return std::to_string(tb_order_id(7, which));
}

inline boost::json::object detail_of(world& w, entry which, epoch_ms now = noon) {
  return reply_of(w, ask_detail(number_of(which)), now).at("data").as_object();
}

/// What the list shows of it.
inline boost::json::object listed_order(world& w, entry which) {
  return reply_to(w, page_of(look_up(number_of(which)))).at("data").as_array().at(0).as_object();
}

inline boost::json::object truth_of(const world& w, entry which) {
  std::string out;
  w.orders.write_truth(out, {w.orders.recorded(which), false}, true);
  return boost::json::parse(out).as_object();
}

/// The first order that stands so.
inline entry first_that(const world& w, const std::function<bool(const standing&)>& stands) {
  for (entry which = 0; which < w.orders.known(); ++which)
    if (stands(w.orders.stood(which, w.orders.version(which)))) return which;
  throw std::runtime_error("no order stands like that");
}
inline entry first_in(const world& w, order_status status) {
  return first_that(w, [status](const standing& s) { return s.status == status; });
}

/// `20240507120000000+0800` as epoch milliseconds.
inline std::optional<epoch_ms> instant_of(const boost::json::value& stamp) {
  if (!stamp.is_string() || stamp.as_string().size() != 22) return std::nullopt;
  const std::string s(stamp.as_string());
  const auto whole =
      parse_argument_time(s.substr(0, 4) + "-" + s.substr(4, 2) + "-" + s.substr(6, 2) + "T" + s.substr(8, 2) + ":" +
                          s.substr(10, 2) + ":" + s.substr(12, 2) + s.substr(17, 3) + ":" + s.substr(20, 2));
  return whole ? std::optional(*whole + std::stoi(s.substr(14, 3))) : std::nullopt;
}

}  // namespace pandapon_sim::testing
