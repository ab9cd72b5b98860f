#pragma once
// Shows whether an order differs from the one stored. Pure; any thread.

#include "core/order.hpp"

#include <string>
#include <utility>
#include <vector>

namespace ordersync::pandapon::decode {

// SHA-256 over an unambiguous text of every decoded column, line, cargo, address and note (path and raw), and of
// `extras`: content without a column under its exact path, sorted. Not of the payload, nor of unknown_paths (what they
// stand for is in the columns and the extras; an unknown member that is null counts as absent).
//
// Hazard: changing what goes in changes every order's hash, and so writes every order anew when it is next read.
core::sha256 content_hash(const core::order& order, const std::vector<std::pair<std::string, std::string>>& extras);

}  // namespace ordersync::pandapon::decode
