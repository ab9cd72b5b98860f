#pragma once
// Rules that span several keys, beyond what the table can say of one.

#include "config/settings.hpp"

#include <map>
#include <string>
#include <vector>

namespace ordersync::config {

// `places`: where each key that the file gives has its value, by its path ("sync.revisit[1].every"). A member that
// could not be read is left at zero or empty, and no rule complains about it a second time.
std::vector<problem> broken_rules(const settings& s, const std::map<std::string, location>& places);

}  // namespace ordersync::config
