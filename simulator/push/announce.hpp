// Which messages are due for what happened to orders: one for each account that sees the order.
#pragma once

#include "api.hpp"

#include <cstdint>
#include <string>

namespace pandapon_sim {

/// Queues the messages about all that happened since the last call. Nothing without --push.
void announce_changes(world& w);
/// Queues messages about `count` orders chosen at random, to which nothing happened.
void announce_some(world& w, std::int64_t count, epoch_ms now);

/// The body of the request, and its signature; empty: it is not signed.
struct push_request {
  std::string body, authorization;
};
/// Signed with the secret that the account has now.
push_request write_request(const world& w, const push_item& item);

}  // namespace pandapon_sim
