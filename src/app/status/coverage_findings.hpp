#pragma once
// Whether what was read of an account is complete, and whether that can be believed: gaps, proofs that turned out
// wrong, tests of the API that were incomplete. Pure.

#include "app/status/finding.hpp"
#include "app/status/situation.hpp"

#include <string>
#include <vector>

namespace ordersync::app::status {

void assess_contradictions(const situation& of, const account_view& account, std::vector<finding>& findings);
void assess_trials(const account_view& account, std::vector<finding>& findings);
// `stuck`: the account is not being read.
void assess_gaps(const situation& of, const account_view& account, bool stuck, std::vector<finding>& findings);

// "5 min ago, by slice: 12 expected, 14 found: ...".
std::string contradiction_text(const store::coverage::contradiction_report& of, core::instant now);

}  // namespace ordersync::app::status
