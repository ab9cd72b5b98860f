// `POST /alibaba/order/detail` and `POST /alibaba/refund/info?refundId=TQ...`. Headers, rate, challenge and the way
// replies are sent are those of the order list.
#pragma once

#include "api.hpp"

#include <string_view>

namespace pandapon_sim {

bool is_detail_path(std::string_view path);

/// Refusals with HTTP 200: 404 there is no such order or refund, 40001 the body is not a JSON object (of refund/info:
/// not empty), 40002 unknown parameter, 40003 a parameter is missing or has another type or value.
reply handle_detail(world& w, const request& asked, epoch_ms now);

}  // namespace pandapon_sim
