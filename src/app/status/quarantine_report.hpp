#pragma once
// What is in quarantine, in words and as JSON, for `status`, the status page and the reports of other commands. Pure;
// holds no values of orders.

#include "store/maintenance/quarantine.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace ordersync::app::status {

// "3 kinds of values in quarantine (1204 values); 2 kinds accepted (54 values)"; "quarantine empty".
std::string quarantine_text(const store::maintenance::quarantine_counts& counts);
// "3 kinds of values (1204 values)"
std::string open_text(const store::maintenance::quarantine_counts& counts);
// "2 kinds accepted (54 values)"
std::string accepted_text(const store::maintenance::quarantine_counts& counts);

boost::json::object json_of(const store::maintenance::quarantine_kind& kind);
boost::json::array json_of(const std::vector<store::maintenance::quarantine_kind>& kinds);
// open_quarantine, open_quarantine_kinds, accepted_quarantine and accepted_quarantine_kinds.
void add_counts(boost::json::object& to, const store::maintenance::quarantine_counts& counts);

}  // namespace ordersync::app::status
