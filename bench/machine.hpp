#pragma once
// What the numbers were measured on, as "name: value".

#include <string>
#include <utility>
#include <vector>

namespace ordersync::bench {

using facts = std::vector<std::pair<std::string, std::string>>;

facts facts_of_machine();

}  // namespace ordersync::bench
