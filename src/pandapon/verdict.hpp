#pragma once
// What a reply means: a page, or one kind of failure. One pure table; nothing it does not know is ever an empty page.
//
// | reply                                                        | verdict        |
// |--------------------------------------------------------------|----------------|
// | 200, whole, not encoded, code 200, total and data as expected | the page       |
// | 429, 503 with Retry-After                                     | overloaded     |
// | 408, other 5xx                                                | unreachable    |
// | 401, 403                                                      | refused        |
// | 200 or another 4xx with code 401, 403, or a `msg` about credentials | refused  |
// | 200 or another 4xx with code 429, 5xx                         | overloaded     |
// | everything else: 1xx, other 2xx, 3xx, other codes, no code, no total, no list | unusable_reply |
//
// What the codes other than 200 mean is not documented; those above are taken as in HTTP, and so is the rest: unknown.
// That no reply came at all is the transport's to say (unreachable).

#include "core/error.hpp"
#include "core/time.hpp"
#include "pandapon/envelope.hpp"
#include "pandapon/http_reply.hpp"

#include <chrono>

namespace ordersync::pandapon {

// Longer waits are cut to this: a minute of silence is enough for any limit counted by the minute, and a reply must not
// be able to put the mirror to sleep for a day.
constexpr std::chrono::seconds longest_retry_after{60};

// `now` is used where Retry-After is a date and the reply has no Date of its own. The slices point into reply.body.
core::result<page_slices> judge(const http_reply& reply, core::second now);

}  // namespace ordersync::pandapon
