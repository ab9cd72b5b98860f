// What the sources write to the log: events and fields, read from the text of the calls. It knows the forms in which
// the sources call, and no C++ beyond that.
#pragma once

#include "house/rules.hpp"

#include <map>
#include <set>
#include <string>

namespace ordersync::house {

struct logged_event {
  std::set<std::string> levels;  // "warning", ...; "?" where the call does not say it by itself
};

struct logged {
  std::map<std::string, logged_event> events;
  std::set<std::string> fields;
};

logged what_is_logged(const source_tree& tree);

}  // namespace ordersync::house
