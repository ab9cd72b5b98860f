#pragma once
// Members by which a reply says that it failed, whatever its code: "success":false, "error_code":"...", and the like.
// The vendor documents none of them; 1688 behind it and relatives of this API use them. Pure; any thread.

#include "pandapon/json/json.hpp"

#include <string>
#include <string_view>

namespace ordersync::pandapon::reply {

struct failure_signs {
  std::string sign;     // the member that says so: "success"; empty: none does
  std::string code;     // `error_code` or its like, as text; empty when absent
  std::string message;  // all texts about it, a line each: for classifying only, they can echo personal data
};

// Adds what one member of the outermost object, or of `data`, says. A value that says nothing is no sign: null, an
// empty text, 0, "success".
void look_for_failure(std::string_view key, const json::json_value& value, failure_signs& signs);

}  // namespace ordersync::pandapon::reply
