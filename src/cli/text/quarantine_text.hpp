#pragma once
// What the `quarantine` commands print: values and kinds, as lines and as JSON. Pure. Without the texts of values,
// which are personal data: `quarantine show` prints them.

#include "app/tasks/maintenance_views.hpp"
#include "core/time.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <string>
#include <vector>

namespace ordersync::cli::text {

using moment_text = std::function<std::string(core::instant)>;

// "order 17", or "a whole order".
std::string subject(const store::maintenance::quarantined& value);
std::string value_line(const store::maintenance::quarantined& value, const moment_text& moment);
boost::json::object value_json(const store::maintenance::quarantined& value);
// By its id, or with its kind; "no".
std::string acceptance_text(const store::maintenance::quarantined& value, const moment_text& moment);

// Two lines a kind: which values and where the newest is; then how many, in how many orders, since when, and who
// accepted it.
std::vector<std::string> kind_lines(const store::maintenance::quarantine_kind& kind, const moment_text& moment);
boost::json::object kind_json(const store::maintenance::quarantine_kind& kind);

}  // namespace ordersync::cli::text
