#pragma once
// The order details of a database, on the database's own runner.

#include "store/details/details.hpp"
#include "store/leadership/fenced_transactions.hpp"
#include "store/pg/settings.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace ordersync::store::details {

// `work` outlives it. `rules` is asked for the present setting in each commit, from any thread.
std::unique_ptr<details> make_details(leadership::fenced_transactions& work,
                                      std::function<std::optional<pg::detail_rules>()> rules);

}  // namespace ordersync::store::details
