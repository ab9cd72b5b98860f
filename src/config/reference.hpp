#pragma once
// The table of keys as something to read: what `config-reference` prints.

#include <boost/json/array.hpp>

#include <string>

namespace ordersync::config {

// A configuration with every key at its default, each preceded by comments that say its type, range, default and use.
// It loads once the required keys are filled in; config/ordersync.yaml is this text.
std::string reference();

// One object a key: "key", "type", "default", "least", "most", "choices", "required", "help"; null where there is none.
boost::json::array reference_json();

}  // namespace ordersync::config
