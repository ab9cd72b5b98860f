#pragma once
// Lengths of time in words, and what was probably meant. Pure.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app::setup {

// "3 d 4 h", "12 min 5 s", "0 s": the two largest units. A clock that was put back makes no length negative.
std::string spoken(std::chrono::seconds length);

// The name that `word` is nearest to, where it is near enough to have been meant; empty otherwise.
std::string meant_by(std::string_view word, const std::vector<std::string_view>& names);

}  // namespace ordersync::app::setup
