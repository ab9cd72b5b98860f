// Which types a tree of sources defines at the level of its namespaces. Two types of one full name break the one
// definition rule: no compiler sees both, and the linker takes the members of either for those of the other.
// It reads text and knows neither macros nor specialisations of templates, which it leaves out.
#pragma once

#include "house/rules.hpp"

#include <string>
#include <vector>

namespace ordersync::house {

struct type_definition {
  std::string name;   // in full, ordersync::store::rows
  std::string place;  // src/store/rows.hpp:12
};

// Those of one source. What an unnamed namespace or another type holds is left out: no other source can see it.
std::vector<type_definition> types_defined(const std::string& path, const std::string& text);

// One line a name that is defined more than once, with all its places.
std::vector<std::string> types_defined_twice(const source_tree& tree);

}  // namespace ordersync::house
