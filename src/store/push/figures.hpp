#pragma once
// What `status` says of push messages. Inside the caller's transaction.

#include "store/pg/connection.hpp"
#include "store/push/messages.hpp"

#include <map>
#include <string>

namespace ordersync::store::push {

// Costs about 100 ms at its bounds: the newest 200,000 messages and 20,000 changes in 24 h. See
// messages::figures.
push_figures read_figures(pg::connection& db, const std::string& account);
std::map<std::string, refusal_figures> read_refusals(pg::connection& db);

}  // namespace ordersync::store::push
