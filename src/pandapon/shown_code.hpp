#pragma once
// Words of a reply that may be logged.

#include <string>
#include <string_view>

namespace ordersync::pandapon {

// A code as it may be shown: "gw.SignatureInvalid". Empty where it is anything but a short word: it could be somebody's
// name.
std::string shown_code(std::string_view code);

}  // namespace ordersync::pandapon
