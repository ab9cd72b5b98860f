#pragma once
// Which ranges of creation time to ask for an order whose number is known and whose age is not: the API answers no
// look-up without a range. Pure.

#include "core/time.hpp"
#include "sync/evidence/evidence.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app::orders {

// Where a range is not limited by the API, longer ones are not asked for: relatives of this API refuse or clamp them.
inline constexpr std::chrono::days longest_searched{30};
// For one number, all accounts together.
inline constexpr int most_requests = 60;

// Without blanks around it, for numbers are pasted; empty: there is none.
std::string trimmed_number(std::string_view text);

// The API can be asked for 1688's numbers alone, and these are digits.
bool can_be_searched(std::string_view number) noexcept;

// From `to` back to `from`, newest first, each as long as the limits allow; `most` at most. The newest ends where the
// limits let a range end.
std::vector<core::window> search_ranges(core::window whole, const sync::evidence::known_limits& limits, int most);

}  // namespace ordersync::app::orders
