#include "pandapon/detail/served_id.hpp"

#include "pandapon/json/scalar.hpp"

namespace ordersync::pandapon::detail {
namespace {

core::integer read_one(const named_value& served, const json::json_path& where, columns::findings& found) {
  core::integer id;
  if (served.value == nullptr) return id;
  const auto complaint = json::read_integer(*served.value, id);
  if (!complaint.empty()) found.cannot_use(where.member(served.name), complaint, served.value->raw);
  return id;
}

}  // namespace

bool is_unreadable(const named_value& served) {
  core::integer id;
  return served.value != nullptr && !json::read_integer(*served.value, id).empty();
}

core::integer read_id(const named_value& text, const named_value& number, const json::json_path& where,
                      columns::findings& found) {
  const auto safe = read_one(text, where, found);
  const auto other = read_one(number, where, found);
  if (!safe) return other;
  if (other && *other != *safe)
    found.cannot_use(where.member(number.name), "differs from the same id as text", number.value->raw);
  return safe;
}

}  // namespace ordersync::pandapon::detail
