// Writes one field as the vendor serves it, in the form that it has: `"key":value,`, or nothing where it is absent.
#pragma once

#include "order.hpp"

#include <string>
#include <string_view>

namespace pandapon_sim {

/// Writes the key unless the field is absent, and null where it is null; true if the value is still to be written.
bool open_scalar(std::string& out, std::string_view key, form as);

void put(std::string& out, std::string_view key, const number& n);
void put(std::string& out, std::string_view key, const status_code& s);
void put(std::string& out, std::string_view key, const decimal& d);
void put(std::string& out, std::string_view key, const text& t);

}  // namespace pandapon_sim
