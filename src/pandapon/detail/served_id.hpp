#pragma once
// Ids of the order detail: a number or a text, often under two names, of which the text is the safer: a number may have
// been rounded on its way. Pure.

#include "core/order.hpp"
#include "pandapon/columns/findings.hpp"
#include "pandapon/json/json.hpp"
#include "pandapon/json/path.hpp"

#include <string_view>

namespace ordersync::pandapon::detail {

struct named_value {
  const json::json_value* value = nullptr;  // none: absent
  std::string_view name;
};

// The id that either says. Where both do and differ, `text` is right and `number` is a finding; so is one that cannot
// be used. None where neither says it.
core::integer read_id(const named_value& text, const named_value& number, const json::json_path& where,
                      columns::findings& found);

// Whether something is said there that is no id.
bool is_unreadable(const named_value& served);

}  // namespace ordersync::pandapon::detail
