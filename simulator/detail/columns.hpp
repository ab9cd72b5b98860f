// What a perfect mirror holds of an order's detail. Written from the model and never from its wire form.
#pragma once

#include "detail/model.hpp"

#include <string>

namespace pandapon_sim {

/// Appends members, each followed by a comma: `detail` (columns, `pay_channels`, `pay_deadline`, and `quarantined`: the
/// paths of what cannot be stored), `payments`, `shipments`, `detail_lines`, `refunds`, and the personal data:
/// `contacts`, `addresses`, `senders`.
void write_detail_truth(std::string& out, const order_detail& d);

}  // namespace pandapon_sim
