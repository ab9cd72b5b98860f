#pragma once
// What a reply means: a page, or one kind of failure. One pure table; nothing it does not know is ever an empty page.
//
// | reply, the first row that fits                                                  | verdict        |
// |---------------------------------------------------------------------------------|----------------|
// | 429; 503 with Retry-After                                                       | overloaded     |
// | a web page, whatever the status                                                 | unreachable    |
// | 200, whole, strictly valid, code 200 and no sign of failure, total and data as expected | the page |
// | JSON that says in a known way that requests come too fast, or later             | overloaded     |
// | 401, 403; JSON that says in a known way that it does not accept the credentials | refused        |
// | 408, other 5xx                                                                  | unreachable    |
// | 200 or 4xx with JSON that refuses by a code that is not known                   | unusable_reply, ask_less |
// | everything else: 1xx, other 2xx, 3xx, no code, no total, no list                | unusable_reply |
//
// What the codes other than 200 mean is not documented; 4xx and 5xx are taken as in HTTP, others by refusals.hpp.
// That no reply came at all is the transport's to say (unreachable).

#include "core/error.hpp"
#include "core/time.hpp"
#include "pandapon/http/http_reply.hpp"
#include "pandapon/reply/envelope.hpp"

#include <chrono>
#include <string_view>

namespace ordersync::pandapon::reply {

// Longer waits are cut to this: a minute of silence is enough for any limit counted by the minute, and a reply must not
// be able to put the mirror to sleep for a day.
constexpr std::chrono::seconds longest_retry_after{60};

// `now` is used where Retry-After is a date and the reply has no Date of its own. The slices point into reply.body.
core::result<page_slices> assess(const http::http_reply& reply, core::second now);

// The same of a reply about one thing: not a page, but the raw text of its `data`, which points into reply.body. That
// the app may not make the call (status 403, code 403, "gw.APIACLDecline", a message about permission) is
// failure::not_permitted, whatever else `refused` is for: other calls may well be allowed. A code 5xx is unreachable:
// it may be about this one thing.
core::result<std::string_view> assess_single(const http::http_reply& reply, core::second now);

}  // namespace ordersync::pandapon::reply
