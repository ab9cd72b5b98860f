// Appends JSON to a string, fast and without checks: the caller keeps the grammar. Objects are written as members each
// followed by a comma; close() turns the last comma into the bracket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pandapon_sim {

void append_number(std::string& out, std::int64_t value);
/// A number of thousandths as a decimal without trailing zeros: 1500 is `1.5`, 2000 is `2`.
void append_thousandths(std::string& out, std::int64_t thousandths);
/// `text` in quotes with JSON's escapes; UTF-8 goes through as it is.
void append_quoted(std::string& out, std::string_view text);
/// `"key":`; the key must need no escapes.
void append_key(std::string& out, std::string_view key);
/// Ends an object or array whose members each left a comma behind.
void close(std::string& out, char bracket);

}  // namespace pandapon_sim
