#pragma once
// Whether an account's order details come along: are they permitted, do their reads succeed, how late are they? None of
// it makes the mirror incomplete. Pure.

#include "app/status/finding.hpp"
#include "app/status/status_view.hpp"

#include <string>
#include <vector>

namespace ordersync::app::status {

void assess_details(const account_view& account, core::instant now, std::vector<finding>& findings);

// "12 waiting, the oldest for 3 min; 4 later, 2 of all failed the last time: why; 80,000 read".
std::string details_text(const store::details::detail_figures& of, core::instant now);

}  // namespace ordersync::app::status
