#pragma once
// What an event looks like as one line, apart from its time: for people as `event name=value ...`, for machines as the
// members of a JSON object. Whatever a value holds, the line stays one line, the JSON stays valid, and a terminal that
// shows it is not made to do anything. A field without a value is left out. Pure; any thread.

#include "core/log.hpp"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace ordersync::service {

using log_fields = std::span<const core::log_field>;

// A longer value is cut: journald splits lines beyond 48 KiB, and nobody reads so much.
inline constexpr std::size_t longest_value = 2048;  // bytes

// `request_retry account=main attempt=2 wait=1.5s reason="two words"`. A value that holds anything but visible
// characters other than '"', '=' and '\' is quoted, with JSON's escapes. A duration has its unit.
std::string text_line(std::string_view event, log_fields fields);

// `"level":"warning","event":"request_retry","account":"main","attempt":2,"wait":1.5`. Durations are seconds. A field
// that has the name of another one, or of what every line has, gets a '_' behind it: no member is there twice.
std::string json_members(core::severity level, std::string_view event, log_fields fields);

inline std::string text_line(std::string_view event, std::initializer_list<core::log_field> fields) {
  return text_line(event, log_fields(fields));
}
inline std::string json_members(core::severity level, std::string_view event,
                                std::initializer_list<core::log_field> fields) {
  return json_members(level, event, log_fields(fields));
}

// "trace", "debug", "info", "warning", "error".
std::string_view name(core::severity level) noexcept;

// Appends `value` as the inside of a JSON string: controls (C0, DEL, C1), line separators, marks that turn the writing
// direction and characters of no width as \uXXXX, bytes that are not UTF-8 as U+FFFD.
void append_escaped(std::string& out, std::string_view value);

}  // namespace ordersync::service
