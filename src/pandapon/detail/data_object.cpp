#include "pandapon/detail/data_object.hpp"

#include "pandapon/columns/nested.hpp"
#include "pandapon/text/utf8.hpp"

#include <fmt/format.h>

namespace ordersync::pandapon::detail {

core::error unusable(std::string_view what, std::string_view why) {
  return core::make_error(
      core::failure::unusable_reply,
      fmt::format("the API's reply holds as {} something that {}; nothing was taken from it", what, why));
}

core::result<const json::json_value*> open_data(std::string_view data, std::string_view what, json::json_arena& arena) {
  if (const auto good = text::valid_text_prefix(data); good != data.size())
    return unusable(what, fmt::format("is NUL or not valid UTF-8 at byte {}", good));
  const auto document = json::parse_json(data, arena);
  if (!document.value) return unusable(what, fmt::format("is {}", document.problem));
  // The value moves into the arena, where what points to it may stay.
  columns::findings none;
  const auto* object = columns::open_nested(&*document.value, json::json_kind::object, {}, arena, none);
  if (object == nullptr) return unusable(what, "is not a JSON object");
  return object;
}

}  // namespace ordersync::pandapon::detail
