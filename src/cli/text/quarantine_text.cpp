#include "cli/text/quarantine_text.hpp"

#include "app/status/finding.hpp"
#include "app/status/quarantine_report.hpp"
#include "app/status/status_json.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <optional>

namespace ordersync::cli::text {

namespace json = boost::json;
using app::status::plural;
using store::maintenance::acceptance;
using store::maintenance::quarantine_kind;
using store::maintenance::quarantined;

namespace {

std::string by_whom(const acceptance& of, const moment_text& moment) {
  return fmt::format("accepted by {} at {}: {}", of.by, moment(of.at), of.why);
}

json::value json_of(const std::optional<acceptance>& of) {
  if (!of) return nullptr;
  return json::object{{"why", of->why}, {"by", of->by}, {"at", core::to_text(of->at)}};
}

// With what else is among them, beside values that are open or accepted with their kind.
std::string parts_text(const quarantine_kind& kind) {
  std::string parts;
  if (kind.accepted > 0 && !kind.kind_accepted) parts = fmt::format("{} accepted by id", kind.accepted);
  if (kind.resolved > 0) parts += fmt::format("{}{} resolved", parts.empty() ? "" : ", ", kind.resolved);
  const auto all = plural(kind.values(), "value", "values");
  return parts.empty() ? all : fmt::format("{} ({})", all, parts);
}

}  // namespace

std::string subject(const quarantined& value) {
  return value.order_id ? fmt::format("order {}", *value.order_id) : std::string{"a whole order"};
}

std::string acceptance_text(const quarantined& value, const moment_text& moment) {
  if (value.accepted) return by_whom(*value.accepted, moment);
  if (value.kind_accepted) return "its kind was " + by_whom(*value.kind_accepted, moment);
  return "no";
}

std::string value_line(const quarantined& value, const moment_text& moment) {
  auto text = fmt::format("{}  {}  {}  {}  {}: {}", value.id, moment(value.last_seen_at), value.account, subject(value),
                          value.path, value.reason);
  if (value.resolved_at) return text + "; resolved " + moment(*value.resolved_at);
  if (value.accepted || value.kind_accepted) text += "; " + acceptance_text(value, moment);
  return text;
}

json::object value_json(const quarantined& value) {
  json::object object{{"id", std::to_string(value.id)},
                      {"account", value.account},
                      {"order_id", nullptr},
                      {"path", value.path},
                      {"reason", value.reason},
                      {"bytes", value.bytes},
                      {"erased", value.erased},
                      {"first_seen_at", core::to_text(value.first_seen_at)},
                      {"last_seen_at", core::to_text(value.last_seen_at)},
                      {"resolved_at", app::status::json_of(value.resolved_at)},
                      {"accepted", value.accepted || value.kind_accepted},
                      {"acceptance", json_of(value.accepted)},
                      {"kind_acceptance", json_of(value.kind_accepted)}};
  if (value.order_id) object["order_id"] = std::to_string(*value.order_id);
  json::array ranges;
  for (const auto& range : value.ranges) ranges.push_back(app::status::json_of(range));
  object["ranges"] = std::move(ranges);
  return object;
}

std::vector<std::string> kind_lines(const quarantine_kind& kind, const moment_text& moment) {
  std::vector<std::string> lines{fmt::format("{}: {}", kind.path, kind.reason)};
  if (kind.values() == 0)
    lines.emplace_back("  no value now");
  else
    lines.push_back(fmt::format("  {} in {} of {}, from {} to {}, the newest is {}", parts_text(kind),
                                plural(kind.orders, "order", "orders"), plural(kind.accounts, "account", "accounts"),
                                moment(*kind.first_seen_at), moment(*kind.last_seen_at), *kind.example));
  if (kind.kind_accepted) lines.push_back("  " + by_whom(*kind.kind_accepted, moment));
  return lines;
}

json::object kind_json(const quarantine_kind& kind) {
  auto object = app::status::json_of(kind);
  object["orders"] = kind.orders;
  object["acceptance"] = json_of(kind.kind_accepted);
  return object;
}

}  // namespace ordersync::cli::text
