#pragma once
// Which program this is.

#include <string>

namespace ordersync::cli {

// "ordersync 0.1.0", and the versions of the libraries it runs with.
std::string version_text();

}  // namespace ordersync::cli
