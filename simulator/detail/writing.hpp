// Writes what `order/detail` and `refund/info` have as `data`, in whatever form the model says.
#pragma once

#include "detail/model.hpp"

#include <string>

namespace pandapon_sim {

void write_detail(std::string& out, const order_detail& d);
void write_refund(std::string& out, const refund_info& r);

}  // namespace pandapon_sim
