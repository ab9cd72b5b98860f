#pragma once
// The mirror held against what the simulator says a perfect mirror holds, value by value.

#include "e2e/stage.hpp"

#include <string>

namespace ordersync::e2e {

// Empty when the mirror equals the truth; else up to three orders that differ, with both sides. Orders that the truth
// does not know are differences too.
std::string differences_from_truth(stage& on);

}  // namespace ordersync::e2e
