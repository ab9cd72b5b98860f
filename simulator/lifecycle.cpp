#include "lifecycle.hpp"

#include "random.hpp"

namespace pandapon_sim {
namespace {

using enum order_status;

void move_to(standing& now, order_status status, pay_status pay) {
  now.status = status;
  now.pay = pay;
}

/// Most orders of a month are over; some are on their way.
standing of_a_month(dice& roll) {
  standing now;
  const std::uint32_t part = roll.below(100);
  if (part < 55)
    move_to(now, success, pay_status::completed);
  else if (part < 66)
    move_to(now, wait_buyer_receive, pay_status::paid);
  else if (part < 74)
    move_to(now, wait_seller_send, pay_status::paid);
  else if (part < 80)
    move_to(now, wait_buyer_pay, pay_status::unpaid);
  else if (part < 83)
    move_to(now, confirm_goods, pay_status::paid);
  else if (part < 90)
    move_to(now, cancel, pay_status::cancelled);
  else if (part < 98)
    move_to(now, terminated, roll.percent(50) ? pay_status::refunded : pay_status::unpaid);
  else
    move_to(now, other, pay_status::in_progress);
  return now;
}

/// With most of their life before them, so that many changes leave most of them open.
standing open(std::uint32_t part) {
  standing now;
  if (part < 30)
    move_to(now, wait_buyer_pay, pay_status::unpaid);
  else if (part < 60)
    move_to(now, wait_seller_send, pay_status::paid);
  else if (part < 85)
    move_to(now, wait_buyer_receive, pay_status::paid);
  else
    move_to(now, confirm_goods, pay_status::paid);
  return now;
}

standing finished(std::uint32_t part) {
  standing now;
  if (part < 79)
    move_to(now, success, pay_status::completed);
  else if (part < 89)
    move_to(now, cancel, pay_status::cancelled);
  else
    move_to(now, terminated, pay_status::refunded);
  return now;
}

/// Drawn for each order by itself, so the open ones are of all ages.
standing of_share(const recipe& from, std::uint32_t serial) {
  dice roll(from.seed, purpose::opening, serial);
  const bool is_open = roll.per_ten_thousand(*from.open);
  const std::uint32_t part = roll.below(100);
  return is_open ? open(part) : finished(part);
}

standing initial(const recipe& from, std::uint32_t serial) {
  dice roll(from.seed, purpose::lifecycle, serial, 0);
  standing now = from.open && serial < from.past ? of_share(from, serial) : of_a_month(roll);
  now.close_reason = roll.below(5);
  if (now.status == success && roll.percent(4)) {
    now.refund_status = 3;
    now.refunded_fen = roll.between(1, 3000);
  }
  return now;
}

void refund(standing& now, dice& roll) {
  now.refund_status = now.refund_status % 4 + 1;
  now.refunded_fen += roll.between(1, 900);
}

void leave_unpaid(standing& now, dice& roll) {
  const std::uint32_t part = roll.below(100);
  if (part < 55)
    move_to(now, wait_seller_send, pay_status::paid);
  else if (part < 75)
    move_to(now, cancel, pay_status::cancelled);
  else
    now.price_change_fen -= roll.between(1, 900);
}

/// One step. "Terminal" is never final: refunds follow success, and even closed orders are amended.
void step(standing& now, dice roll) {
  if (roll.percent(4)) ++now.lines_gone;
  switch (now.status) {
    case wait_buyer_pay:
      return leave_unpaid(now, roll);
    case wait_seller_send:
      if (roll.percent(85)) return move_to(now, wait_buyer_receive, pay_status::paid);
      refund(now, roll);
      return move_to(now, terminated, pay_status::refunded);
    case wait_buyer_receive:
      return move_to(now, confirm_goods, pay_status::paid);
    case confirm_goods:
      return move_to(now, success, pay_status::completed);
    case success:
      return refund(now, roll);
    case cancel:
      return move_to(now, terminated, pay_status::cancelled);
    case terminated:
      ++now.close_reason;
      return refund(now, roll);
    case other:
      return move_to(now, wait_seller_send, pay_status::paid);
  }
}

}  // namespace

std::vector<standing> stages(const recipe& from, std::uint32_t serial, std::uint16_t mutations) {
  std::vector<standing> out{initial(from, serial)};
  for (std::uint32_t i = 1; i <= mutations; ++i) {
    out.push_back(out.back());
    step(out.back(), dice(from.seed, purpose::lifecycle, serial, i));
  }
  return out;
}

standing stand(const recipe& from, std::uint32_t serial, std::uint16_t mutations) {
  standing now = initial(from, serial);
  for (std::uint32_t i = 1; i <= mutations; ++i) step(now, dice(from.seed, purpose::lifecycle, serial, i));
  return now;
}

}  // namespace pandapon_sim
