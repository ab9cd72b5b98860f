#pragma once
// The feed of a database, on the database's own runner.

#include "store/feed/feed.hpp"
#include "store/leadership/fenced_transactions.hpp"

#include <memory>

namespace ordersync::store::feed {

// `work` outlives it.
std::unique_ptr<feed> make_feed(leadership::fenced_transactions& work);

}  // namespace ordersync::store::feed
