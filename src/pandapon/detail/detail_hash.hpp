#pragma once
// Shows whether a detail or a refund differs from the one stored. Pure; any thread.
//
// Hazard: changing what goes in changes every hash, and so writes each detail anew when it is next read.

#include "core/order_detail.hpp"

#include <string>
#include <utility>
#include <vector>

namespace ordersync::pandapon::detail {

using extra_list = std::vector<std::pair<std::string, std::string>>;

// As decode::content_hash: of every column, row and note, personal data included, and of `extras`. Not of what is
// derived from them: the deadline, the list of refunds.
core::sha256 content_hash(const core::order_detail& detail, const extra_list& extras);
core::sha256 content_hash(const core::refund_info& refund, const extra_list& extras);

}  // namespace ordersync::pandapon::detail
