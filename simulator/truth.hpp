// Writes an order as a perfect mirror holds it: the columns of the database, each already normalised. Written from the
// order's model and never from its wire form, so that it is independent of every decoder.
#pragma once

#include "order.hpp"

#include <string>

namespace pandapon_sim {

/// Appends one JSON object, without a newline: the columns of `orders` that come from the API, then `items`, `cargo`,
/// `receiver`, `warehouse_address`, and `quarantined`, the paths of nested fields that cannot be read.
void write_truth(std::string& out, const order& o);

}  // namespace pandapon_sim
