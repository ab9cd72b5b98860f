#pragma once
// Text from elsewhere (the API, the database, a person) made safe to show: nothing that moves a terminal's cursor,
// begins a line, turns the writing direction or is there without being seen passes as it is. Pure; any thread.

#include <string>
#include <string_view>

namespace ordersync::core {

// C0, DEL, C1, line separators, marks of the writing direction, characters without width.
bool is_control(char32_t code);

// Appends `value` with controls as \n, \r, \t or \uXXXX, bytes that are not UTF-8 as U+FFFD, and a backslash before
// each of the ASCII characters in `backslashed`.
void append_printable(std::string& out, std::string_view value, std::string_view backslashed = {});

// The same alone. Of JSON it makes the same JSON, since controls occur inside strings only.
std::string printable(std::string_view value);

}  // namespace ordersync::core
