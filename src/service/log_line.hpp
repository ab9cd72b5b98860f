#pragma once
// What an event looks like as one line, apart from its time: for people as `event name=value ...`, for machines as the
// members of a JSON object. Whatever a value holds, the line stays one line, the JSON stays valid, and a terminal that
// shows it is not made to do anything. Pure; any thread.

#include "core/log.hpp"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace ordersync::service {

using log_fields = std::span<const core::log_field>;

// A longer value is cut: journald splits lines beyond 48 KiB, and nobody reads so much.
inline constexpr std::size_t longest_value = 2048;  // bytes

// `window_proven account=main orders=12 reason="two words"`. A value that holds anything but visible characters other
// than '"', '=' and '\' is quoted, with JSON's escapes.
std::string text_line(std::string_view event, log_fields fields);

// `"level":"info","event":"window_proven","fields":{"account":"main","orders":"12"}`. Values are text as they came: an
// identifier of digits stays an identifier.
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

// Appends `value` as the inside of a JSON string: controls (C0, DEL, C1), line separators and marks that turn the
// writing direction as \uXXXX, bytes that are not UTF-8 as U+FFFD.
void append_escaped(std::string& out, std::string_view value);

}  // namespace ordersync::service
