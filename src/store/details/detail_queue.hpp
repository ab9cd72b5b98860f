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

struct due_details {
  std::vector<due_detail> list;
  // Orders whose number is gone: they take places in the list of those that are due, and cannot be read.
  std::vector<std::int64_t> unnumbered;
  std::string read_at;  // the database's time of the first of these
};
due_details read_due(pg::connection& db, const std::string& account, std::size_t most);
std::vector<std::string> read_open_refunds(pg::connection& db, std::int64_t order_id);
// Takes them off the queue, but those that were queued since.
void drop_unnumbered(pg::connection& db, const due_details& seen);

// A detail that is stored.
struct concluded_read {
  std::int64_t order_id = 0;
  std::string account;
  core::instant observed_at;  // when it was asked for
  bool again = false;         // it is to be read again a day later
  std::string missing{};      // why a refund is missing; empty: none is
};
void conclude_read(pg::connection& db, const concluded_read& of);
void put_off(pg::connection& db, const std::string& account, std::int64_t order_id, const std::string& reason);
void put_behind(pg::connection& db, const std::string& account, std::int64_t order_id, const std::string& reason);

// Where a piece of a range ended.
struct queue_position {
  std::optional<core::instant> created_at;  // none: at the range's begin
  std::int64_t order_id = 0;
  bool through = false;
};
// Queues one piece; how many are new.
std::int64_t queue_piece(pg::connection& db, const std::string& account, core::window created, queue_position& from);

void write_refusal(pg::connection& db, const std::string& account, const std::string& reason);
void write_permission(pg::connection& db, const std::string& account, bool refunds);
permissions read_permissions(pg::connection& db, const std::string& account);
void try_refunds(pg::connection& db, const std::string& account, std::size_t most);
std::int64_t count_requests_due(pg::connection& db, const std::string& account);
detail_figures read_figures(pg::connection& db, const std::string& account);

}  // namespace ordersync::store::details
