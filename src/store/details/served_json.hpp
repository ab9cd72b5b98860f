#pragma once
// What is kept of JSON whose fields are not all known: members by name that are no personal data, and times whose form
// is not documented. Numbers keep all their digits (exact_numbers.hpp). Pure.

#include "core/order_detail.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace ordersync::store::details {

// The steps of an order that is paid in parts: of baseInfo.stepOrderList of a detail's payload ids, states, times and
// amounts, by a list of names.
// null: there are none, or they cannot be read.
boost::json::value steps_of(std::string_view payload);

// Of what the API says of a refund: ids, states, times and amounts, by a list of names. null: it cannot be read.
boost::json::value impersonal_refund(std::string_view payload);

// "2024-05-07 09:52:00", in the API's zone, or the detail's own form, "20240507095200000+0800", or milliseconds since
// 1970, "1715046720000". None: it is none of them.
std::optional<core::instant> refund_time(std::string_view text, std::chrono::minutes api_zone);

}  // namespace ordersync::store::details
