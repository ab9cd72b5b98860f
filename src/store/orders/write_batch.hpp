#pragma once
// The one transaction of a window: its orders, what was found besides, its sweep row and its proof, or nothing.

#include "store/pg/connection.hpp"
#include "store/pg/settings.hpp"
#include "sync/ports.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::orders {

// What the settings of the same names say.
struct write_rules {
  std::vector<std::string> accounts;
  std::optional<pg::detail_rules> details{};
};

struct write_context {
  std::string scope;  // that the account was opened with
  write_rules rules;
  // Id of the batch's sweep row, drawn by the first try. A later try finds by it that an earlier one, whose answer was
  // lost, had been committed.
  std::int64_t sweep_id = 0;
};

// Inside a transaction. Throws sql_error, precondition_failed.
sync::commit_summary write_batch(pg::connection& db, const sync::window_batch& batch, write_context& context);

}  // namespace ordersync::store::orders
