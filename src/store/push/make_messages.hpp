#pragma once
// The push messages of a database, on the database's own runner.

#include "store/leadership/fenced_transactions.hpp"
#include "store/push/messages.hpp"

#include <memory>

namespace ordersync::store::push {

// `work` outlives it.
std::unique_ptr<messages> make_messages(leadership::fenced_transactions& work);

}  // namespace ordersync::store::push
