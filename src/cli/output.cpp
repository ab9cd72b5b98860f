#include "cli/output.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <cstdio>

namespace ordersync::cli {

void print(const std::string& line) {
  fmt::print("{}\n", line);
}

void print_json(const boost::json::value& value) {
  print(boost::json::serialize(value));
}

std::string duration_text(std::chrono::seconds length) {
  const auto s = length.count();
  if (s >= 86'400) return fmt::format("{} d {} h", s / 86'400, s % 86'400 / 3'600);
  if (s >= 3'600) return fmt::format("{} h {} min", s / 3'600, s % 3'600 / 60);
  if (s >= 60) return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} s", s);
}

std::string erasure_text(const store::erasure& took) {
  return fmt::format("{} orders: {} receivers, {} warehouse addresses, {} payloads, {} texts in quarantine",
                     took.orders, took.receivers, took.warehouse_addresses, took.payloads, took.quarantined);
}

boost::json::object erasure_json(const store::erasure& took) {
  return {{"orders", took.orders},
          {"receivers", took.receivers},
          {"warehouse_addresses", took.warehouse_addresses},
          {"payloads", took.payloads},
          {"quarantined", took.quarantined}};
}

boost::json::object window_json(const core::window& w) {
  return {{"from", core::to_text(w.begin)}, {"to", core::to_text(w.end)}};
}

}  // namespace ordersync::cli
