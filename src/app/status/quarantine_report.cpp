#include "app/status/quarantine_report.hpp"

#include "app/status/finding.hpp"
#include "app/status/status_json.hpp"

#include <fmt/format.h>

namespace ordersync::app::status {

namespace json = boost::json;
using store::maintenance::quarantine_counts;
using store::maintenance::quarantine_kind;

std::string open_text(const quarantine_counts& counts) {
  return fmt::format("{} ({})", plural(counts.open_kinds, "kind of values", "kinds of values"),
                     plural(counts.open, "value", "values"));
}

std::string accepted_text(const quarantine_counts& counts) {
  return fmt::format("{} accepted ({})", plural(counts.accepted_kinds, "kind", "kinds"),
                     plural(counts.accepted, "value", "values"));
}

std::string quarantine_text(const quarantine_counts& counts) {
  std::string text = "quarantine empty";
  if (counts.open > 0)
    text = fmt::format("{} in quarantine ({})", plural(counts.open_kinds, "kind of values", "kinds of values"),
                       plural(counts.open, "value", "values"));
  else if (counts.accepted > 0)
    text = "nothing in quarantine that is not accepted";
  if (counts.accepted > 0) text += "; " + accepted_text(counts);
  return text;
}

json::object json_of(const quarantine_kind& kind) {
  const auto& accepted = kind.kind_accepted;
  return {{"path", kind.path},
          {"reason", kind.reason},
          {"open", kind.open},
          {"accepted", kind.accepted},
          {"resolved", kind.resolved},
          {"accounts", kind.accounts},
          {"first_seen_at", json_of(kind.first_seen_at)},
          {"last_seen_at", json_of(kind.last_seen_at)},
          {"example", kind.example ? json::value(std::to_string(*kind.example)) : json::value(nullptr)},
          {"kind_accepted", accepted.has_value()}};
}

json::array json_of(const std::vector<quarantine_kind>& kinds) {
  json::array list;
  for (const auto& kind : kinds) list.push_back(json_of(kind));
  return list;
}

void add_counts(json::object& to, const quarantine_counts& counts) {
  to["open_quarantine"] = counts.open;
  to["open_quarantine_kinds"] = counts.open_kinds;
  to["accepted_quarantine"] = counts.accepted;
  to["accepted_quarantine_kinds"] = counts.accepted_kinds;
}

}  // namespace ordersync::app::status
