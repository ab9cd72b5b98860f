#pragma once
// Whether what a page shows lies in the range that it was asked for. An API that reads the filter's times in another
// zone, or not at all, returns totals that agree with what it shows: only the orders' own times give it away. Pure.

#include "core/order.hpp"
#include "core/time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::sync::evidence {

// Nobody outside knows by which of an order's two creation times the API filters; they differ by up to seconds. So an
// order is in a range when either lies in it, or within this of it.
inline constexpr std::chrono::minutes in_window_margin{1};

// False only where the order has a creation time and every one that it has lies outside.
bool in_window(const core::window& asked, const core::order& order) noexcept;

// By how much the API's clock would have to be ahead of the one that was asked by, so that all of the orders lie in the
// range: the smallest multiple of 15 min, as zones differ. None where no zone on Earth explains it.
std::optional<std::chrono::seconds> fitting_shift(const core::window& asked, const std::vector<core::order>& orders);

// "+08:00", "-05:30".
std::string zone_text(std::chrono::seconds offset);

// What a shift of the API's zone is to people, with the setting that would fit. `zone`: what api.time_zone says; none:
// not known here.
std::string shift_text(std::chrono::seconds shift, std::optional<std::chrono::seconds> zone);

// Why the page proves nothing, with the shift that would fit; empty where all of it is in the range.
std::string outside_reason(const core::window& asked, const std::vector<core::order>& orders,
                           std::optional<std::chrono::seconds> zone);

}  // namespace ordersync::sync::evidence
