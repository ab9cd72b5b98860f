#pragma once
// Small helpers about text: what is readable, how long it is to a person, what was probably meant.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::config {

// Characters (code points) in valid UTF-8.
std::size_t characters_in(std::string_view utf8) noexcept;

// Where text stops being valid UTF-8 without control characters (tab and line ends are fine); npos when it is all good.
std::size_t first_not_text(std::string_view text) noexcept;

// In quotes, cut to 60 characters, for messages. The text must have passed first_not_text or be plain ASCII; what YAML
// escapes brought in ("\n") is shown as '?'.
std::string in_quotes(std::string_view text);

// How many letters are to be inserted, removed, replaced or swapped with their neighbour to make one of the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate with the smallest distance; the first of several. Empty when there are none.
std::string_view nearest(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace ordersync::config
