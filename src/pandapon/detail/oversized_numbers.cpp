#include "pandapon/detail/oversized_numbers.hpp"

#include "core/number_text.hpp"

namespace ordersync::pandapon::detail {

void note_oversized_numbers(const json::json_value& value, const json::json_path& where, columns::findings& found) {
  if (value.kind == json::json_kind::number && !core::fits_a_database(value.text))
    found.cannot_use(where, "is a number that no database takes", value.raw);
  for (int i = 0; const auto& child : value.children) {
    const auto place = value.kind == json::json_kind::array ? where.element(i++) : where.member(child.name);
    note_oversized_numbers(child, place, found);
  }
}

}  // namespace ordersync::pandapon::detail
