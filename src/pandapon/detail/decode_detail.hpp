#pragma once
// The `data` of a reply of order/detail -> core::order_detail. Pure; any thread.

#include "core/error.hpp"
#include "core/order_detail.hpp"

#include <string>
#include <string_view>

namespace ordersync::pandapon::detail {

// `data` is what the reply holds, byte for byte. Whatever is inside costs at most what it belongs to: a field, an
// object, a parcel. failure::unusable_reply, and nothing to store, where it is no JSON object of valid UTF-8, or where
// it is about another order than `tb_order_id`, or says so in a way that nobody can read. A detail that does not say
// which order it is about is taken to be the one that was asked for.
core::result<core::order_detail> decode_detail(std::string_view data, const std::string& tb_order_id,
                                               core::instant observed_at);

}  // namespace ordersync::pandapon::detail
