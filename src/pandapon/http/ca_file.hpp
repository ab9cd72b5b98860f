#pragma once
// Whether a file of certificates can be trusted by a TLS context at all, found without one. Blocks on the file system.

#include <string>

namespace ordersync::pandapon::http {

// What is wrong with it, and what it must be; empty: nothing, or no file is named.
std::string why_no_ca_file(const std::string& file);

}  // namespace ordersync::pandapon::http
