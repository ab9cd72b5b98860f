#pragma once
// The trials of a database, on the database's own runner.

#include "store/coverage/trials.hpp"
#include "store/leadership/fenced_transactions.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ordersync::store::coverage {

// What the database knows when an operation is asked for.
struct trials_context {
  // The scope that the account was opened with; none: it was not.
  std::function<std::optional<std::string>(const std::string& account)> scope;
};

// `work` outlives it.
std::unique_ptr<trials> make_trials(leadership::fenced_transactions& work, trials_context context);

}  // namespace ordersync::store::coverage
