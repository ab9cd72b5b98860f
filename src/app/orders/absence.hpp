#pragma once
// Why an order may not be in the mirror. Pure.
//
// Nobody knows when the order was created, so what is returned are possibilities, the most telling first. Moments in
// the texts are as core::to_text writes them.

#include "config/settings.hpp"
#include "store/reports/order_report.hpp"
#include "store/reports/reports.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ordersync::app::orders {

struct absence_reason {
  std::string code;     // "gap", "too_new", "before_start", "filtered", "unreadable", "number", "not_returned"
  std::string account;  // empty: of all
  std::string text;
};

struct absence {
  std::vector<absence_reason> reasons;
  std::vector<store::reports::coverage_report> gaps;  // of each account that has some, without what is proven
};

// `coverage`: of each configured account, from sync.start to where orders are to be proven by now. `unreadable`: whole
// orders in quarantine, whose ids could not be read.
absence why_absent(const config::settings& settings, std::vector<store::reports::coverage_report> coverage,
                   std::int64_t unreadable);

}  // namespace ordersync::app::orders
