#pragma once
// The `data` of a reply of refund/info -> core::refund_info. Pure; any thread.

#include "core/error.hpp"
#include "core/order_detail.hpp"

#include <string>
#include <string_view>

namespace ordersync::pandapon::detail {

// As decode_detail. A reply that does not name a refund is taken to be about the one that was asked for.
core::result<core::refund_info> decode_refund(std::string_view data, const std::string& refund_id,
                                              core::instant observed_at);

}  // namespace ordersync::pandapon::detail
