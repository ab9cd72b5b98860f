// Worlds that behave as the command line says, and short questions to them. The orders are those of some_orders().
#pragma once

#include "asking.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace pandapon_sim::testing {

inline command_line parsed(const std::string& flags, std::uint32_t orders = 0) {
  std::istringstream words(
      "pandapon-sim --tls-cert c --tls-key k --access-key key --access-secret secret --seed 7 "
      "--oddities 0 --from 2024-05-07 --to 2024-05-08 --orders " +
      std::to_string(orders) + " " + flags);
  const std::vector<std::string> argv{std::istream_iterator<std::string>(words), {}};
  std::vector<const char*> pointers;
  for (const std::string& word : argv) pointers.push_back(word.c_str());
  return read_command_line(static_cast<int>(pointers.size()), pointers.data());
}

/// Started at noon.
inline world behaving(const std::string& flags, std::uint32_t orders = 300) {
  const command_line line = parsed(flags, orders);
  if (line.leave_with) throw std::invalid_argument(flags);
  world w(line.set);
  w.started = noon;
  return w;
}

inline std::string page_of(const std::string& filters = "", int number = 1, int size = 1000) {
  return R"({"pageNum":)" + std::to_string(number) + R"(,"pageSize":)" + std::to_string(size) +
         (filters.empty() ? "" : ",") + filters + "}";
}

/// `from("00:00:00") + "," + until("03:00:00")` of the day that all orders lie in.
inline std::string from(const std::string& time) {
  return R"("orderTimeBegin":"2024-05-07 )" + time + '"';
}
inline std::string until(const std::string& time) {
  return R"("orderTimeEnd":"2024-05-07 )" + time + '"';
}
inline std::string between(const std::string& begin, const std::string& end) {
  return from(begin) + "," + until(end);
}

inline std::vector<std::int64_t> ids_of(const boost::json::object& page) {
  std::vector<std::int64_t> out;
  for (const auto& order : page.at("data").as_array()) out.push_back(integer(order.as_object(), "id"));
  return out;
}

inline std::vector<std::int64_t> listed(world& w, const std::string& filters = "", epoch_ms now = noon) {
  return ids_of(reply_to(w, ask(page_of(filters)), now));
}

inline std::int64_t total(world& w, const std::string& filters = "", epoch_ms now = noon) {
  return integer(reply_to(w, ask(page_of(filters)), now), "total");
}

inline std::int64_t code(world& w, const std::string& filters = "", epoch_ms now = noon) {
  return integer(reply_to(w, ask(page_of(filters)), now), "code");
}

inline std::string look_up(const std::string& tb_order_id) {
  return R"("tbOrderId":")" + tb_order_id + '"';
}

/// The tbOrderId of the order that comes at that place of the list.
inline std::string number_at(world& w, std::size_t place) {
  const auto got = reply_to(w, ask(page_of()));
  return std::string(got.at("data").as_array().at(place).at("tbOrderId").as_string());
}

}  // namespace pandapon_sim::testing
