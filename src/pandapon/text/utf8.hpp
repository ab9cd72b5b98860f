#pragma once
// Text that PostgreSQL takes: valid UTF-8 without NUL bytes. Pure; any thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace ordersync::pandapon::text {

// Where the first byte stands that is NUL or not part of valid UTF-8 (overlong forms and surrogates are invalid); the
// text's size when there is none.
std::size_t valid_text_prefix(std::string_view bytes) noexcept;

// The same text with every such byte shown as \xNN: for keeping what was served, never for decoding it.
std::string shown_as_text(std::string_view bytes);

}  // namespace ordersync::pandapon::text
