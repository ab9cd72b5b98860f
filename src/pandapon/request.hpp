#pragma once
// A page request as the API wants it: headers that say who asks, a JSON body that says what. Pure; any thread.

#include "core/api_format.hpp"
#include "core/error.hpp"
#include "core/time.hpp"
#include "pandapon/signature.hpp"
#include "sync/ports.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ordersync::pandapon {

using core::timestamp_unit;
using core::unused_filters;

// An account's secrets. Never logged, never in an error.
struct credentials {
  std::string access_key;
  std::string access_secret;
  std::string user_id;
};

struct request_style {
  timestamp_unit unit = timestamp_unit::milliseconds;
  unused_filters unused = unused_filters::omit;
  std::chrono::seconds zone_offset = std::chrono::hours{8};  // east of Greenwich; what the API's times are written in
  std::vector<std::string> user_id_list;                     // filter; empty: not used
};

// The JSON body. The API's filter has whole seconds, and whether its ends are inclusive is not known: it is asked for
// one second before the window to the window's end, so both readings cover the window and neither much more. Under
// unused_filters::empty, orderStatus is null all the same: a number has no empty form.
std::string request_body(const sync::page_request& request, const request_style& style);

// The body for a range whose ends go to the API as they are: begin <= end. For finding out what it makes of them; the
// mirror itself asks by request_body.
struct exact_range {
  core::second begin{};
  core::second end{};
};
std::string exact_body(const exact_range& range, int page_size, std::optional<int> status, const request_style& style);

// The body that asks for one order by its number at 1688, created in `around`. Its userIdList is unused, so that
// nothing but the number and that range decide: without times the range might mean "lately", and an API may refuse long
// ones.
std::string look_up_body(const std::string& tb_order_id, const core::window& around, const request_style& style);

// The body that asks for the detail of an order, by its number at 1688.
std::string detail_body(const std::string& tb_order_id);
// The path and query that ask for a refund; there is no body. The query is not signed, as no body is.
std::string refund_target(const std::string& path, std::string_view refund_id);

using header_list = std::vector<std::pair<std::string, std::string>>;

// access-key, timestamp, nonce-str, user-id, signature. `now` is the wall clock's (600 s off is too much for the API).
// failure::input where a credential is empty or holds what no header can carry.
core::result<header_list> system_headers(const credentials& who, const request_style& style, core::instant now,
                                         const random_source& random);

}  // namespace ordersync::pandapon
