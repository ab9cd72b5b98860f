#pragma once
// Whether the API permits to read order details. Pure.

#include "app/doctor/report.hpp"
#include "core/error.hpp"

#include <optional>
#include <string>

namespace ordersync::app::doctor {

// "details", of an account while details.enabled is set. `read`: what came of reading one; none: no order was known to
// try it with.
check assess_details(const std::string& account, const std::optional<core::result<void>>& read);

}  // namespace ordersync::app::doctor
