#pragma once
// Whether an account is being read: does the API answer, is anything proven, and how fast do replies come? Pure.

#include "app/status/finding.hpp"
#include "app/status/situation.hpp"

#include <vector>

namespace ordersync::app::status {

// What keeps the account from being read at present is added; whether there is anything.
bool assess_progress(const situation& of, const account_view& account, std::vector<finding>& findings);

// Replies that need more than a third of the time that they are given.
void assess_pace(const situation& of, const account_view& account, std::vector<finding>& findings);

}  // namespace ordersync::app::status
