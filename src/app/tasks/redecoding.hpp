#pragma once
// Stored payloads decoded again, of orders and of their details. Pure, but for the database that they come from.

#include "core/order.hpp"
#include "store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ordersync::app::tasks {

struct redecoded_orders {
  std::vector<core::order> orders;
  std::int64_t unusable = 0;
};
redecoded_orders decode_again(const std::vector<store::maintenance::stored_payload>& payloads);

struct redecoded_details {
  std::vector<std::int64_t> orders;        // that have a detail with a payload, ascending
  std::int64_t changed = 0;                // written, because they are read otherwise than before
  std::vector<std::string> unknown_paths;  // of all
};
// Of these orders: reads the payloads, and stores what is read otherwise than before.
boost::asio::awaitable<core::result<redecoded_details>> decode_details_again(store::database& database,
                                                                             std::vector<std::int64_t> order_ids);

}  // namespace ordersync::app::tasks
