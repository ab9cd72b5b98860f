#pragma once
// A reply's bytes -> a page of orders. Pure; any thread.

#include "core/error.hpp"
#include "core/order.hpp"
#include "core/time.hpp"
#include "pandapon/reply/envelope.hpp"
#include "sync/ports.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ordersync::pandapon::decode {

// Every slice becomes an order or an unusable order, in the order served, each alone. Copies what it keeps.
sync::page decode_page(const reply::page_slices& slices, core::instant observed_at);

// The same from the body of a reply with status 200; the failures are those of assess().
core::result<sync::page> decode_body(std::string body, core::instant observed_at);

// An order from its stored payload, as it was observed then. None where the text holds no usable order.
std::optional<core::order> decode_order_text(std::string_view payload, core::instant observed_at);

}  // namespace ordersync::pandapon::decode
