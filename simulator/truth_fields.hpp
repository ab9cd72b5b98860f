// Writes one field as a perfect mirror holds it, whatever form it is served in: `"column":value,`, null where there is
// no value.
#pragma once

#include "order.hpp"

#include <string>
#include <string_view>

namespace pandapon_sim::columns {

bool has_value(form as);
/// Writes the key; true if a value follows, otherwise null has been written.
bool open_column(std::string& out, std::string_view key, bool has_value);

void put(std::string& out, std::string_view key, const number& n);
void put(std::string& out, std::string_view key, const decimal& d);
void put(std::string& out, std::string_view key, const text& t);
/// Of epoch milliseconds.
void put_time(std::string& out, std::string_view key, const number& n);

}  // namespace pandapon_sim::columns
