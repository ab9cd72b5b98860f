#pragma once
// The statements on the queue of details and on what the API says to an account. Inside the caller's transaction. The
// states of orders are queued by store/orders.

#include "store/details/details.hpp"
#include "store/pg/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::details {

std::vector<due_detail> read_due(pg::connection& db, const std::string& account, std::size_t most);

// The detail that was asked for at `observed_at` is stored. `again`: queue it again for a day later.
void conclude_read(pg::connection& db, std::int64_t order_id, const std::string& account, core::instant observed_at,
                   bool again);
void put_off(pg::connection& db, const std::string& account, std::int64_t order_id, const std::string& reason);

// Where a piece of a range ended.
struct queue_position {
  std::optional<core::instant> created_at;  // none: at the range's begin
  std::int64_t order_id = 0;
  bool through = false;
};
// Queues one piece; how many are new.
std::int64_t queue_piece(pg::connection& db, const std::string& account, core::window created, queue_position& from);

void write_refusal(pg::connection& db, const std::string& account, const std::string& reason);
detail_figures read_figures(pg::connection& db, const std::string& account);

}  // namespace ordersync::store::details
