// The life of an order: where it stands when the catalogue is made, and what each mutation does to it. Pure; a standing
// is found by replaying the steps, which stays cheap because mutations are few.
#pragma once

#include "record.hpp"

#include <cstdint>
#include <vector>

namespace pandapon_sim {

/// 1688's order statuses, by the vendor's reference page.
enum class order_status : std::uint8_t {
  wait_buyer_pay = 1,
  wait_seller_send,
  wait_buyer_receive,
  confirm_goods,
  success,
  cancel,
  terminated,
  other
};
/// `payStatus` as 1688 documents it; probable, not certain, for the vendor.
enum class pay_status : std::uint8_t {
  unpaid = 1,
  paid = 2,
  refunded = 4,
  completed = 6,
  cancelled = 8,
  in_progress = 9
};

struct standing {
  order_status status = order_status::wait_buyer_pay;
  pay_status pay = pay_status::unpaid;
  std::int64_t refund_status = 0;
  std::int64_t refunded_fen = 0;
  std::int64_t price_change_fen = 0;  // what seller and buyer agreed on since, either sign
  std::uint32_t close_reason = 0;
  std::uint32_t lines_gone = 0;  // lines vanish from the end
};

/// Where order `serial` stands after `mutations` steps. Every step changes something that the vendor shows.
standing stand(const recipe& from, std::uint32_t serial, std::uint16_t mutations);
/// The same after 0, 1, ... `mutations` steps.
std::vector<standing> stages(const recipe& from, std::uint32_t serial, std::uint16_t mutations);

}  // namespace pandapon_sim
