// Writes an order as the vendor serves it: the fields of the sample, in its order and spelling, in whatever form the
// order's model says.
#pragma once

#include "order.hpp"

#include <string>

namespace pandapon_sim {

/// Appends the order's JSON object. Reads no clock and no memory of earlier calls.
void write_wire(std::string& out, const order& o);

}  // namespace pandapon_sim
