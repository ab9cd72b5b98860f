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

}  // namespace ordersync::cli
