#include "detail/life.hpp"

#include "random.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace pandapon_sim {
namespace {

using enum order_status;

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t hour = 60 * minute;

/// An order that came while the simulator ran was born as it stands: what led to that takes a moment.
constexpr std::int64_t moment_of_birth = 5'000;

/// How far an order has come before its first step.
enum class milestone : std::uint8_t { created, paid, shipped, received, completed };

milestone reached(const standing& born) {
  switch (born.status) {
    case wait_seller_send:
      return milestone::paid;
    case wait_buyer_receive:
      return milestone::shipped;
    case confirm_goods:
      return milestone::received;
    case success:
      return milestone::completed;
    case terminated:
      return born.pay == pay_status::refunded ? milestone::paid : milestone::created;
    default:
      return milestone::created;
  }
}

using moments = std::array<std::optional<epoch_ms>*, 7>;

/// Squeezes all that happened after the creation into the time until `end`.
void squeeze(life& l, epoch_ms end) {
  epoch_ms last = l.created;
  const moments all{&l.paid, &l.shipped, &l.all_shipped, &l.received, &l.confirmed, &l.completed, &l.closed};
  for (const auto* at : all) last = std::max(last, at->value_or(0));
  if (last <= end) return;
  const epoch_ms room = std::max<epoch_ms>(end - l.created, 0);
  for (auto* at : all)
    if (*at)
      *at = l.created + static_cast<epoch_ms>(static_cast<double>(**at - l.created) /
                                              static_cast<double>(last - l.created) * static_cast<double>(room));
}

void be_born(life& l, const recipe& from, const record& of) {
  dice roll(from.seed, purpose::detail, of.serial);
  const milestone far = reached(l.now);
  epoch_ms at = l.created;
  const auto next = [&](std::int64_t low, std::int64_t high) { return at += roll.between(low, high); };
  if (far >= milestone::paid) l.paid = next(20'000, 2 * hour);
  if (far >= milestone::shipped) l.shipped = next(hour, 60 * hour);
  if (far >= milestone::shipped) l.all_shipped = next(minute, 20 * hour);
  if (far >= milestone::received) l.received = next(20 * hour, 150 * hour);
  if (far >= milestone::received) l.confirmed = next(minute, 40 * hour);
  if (far >= milestone::completed) l.completed = next(1'000, hour);
  if (l.now.status == cancel || l.now.status == terminated) l.closed = next(10 * minute, 70 * hour);
  if (of.serial >= from.past)
    squeeze(l, l.created + moment_of_birth);
  else if (from.until != 0)
    squeeze(l, from.until);
}

void see_refund(life& l, epoch_ms at) {
  if (!l.refund_asked) l.refund_asked = at;
  l.refund_changed = at;
  l.refund_after_sale = l.now.status == success;
}

void take_step(life& l, const standing& after, epoch_ms at) {
  const standing before = l.now;
  l.now = after;
  l.modified = std::max(l.modified, at);
  if (after.refunded_fen != before.refunded_fen) see_refund(l, at);
  if (after.status == before.status) return;
  if (after.status == wait_seller_send) l.paid = at;
  if (after.status == wait_buyer_receive) l.shipped = l.all_shipped = at;
  if (after.status == confirm_goods) l.received = l.confirmed = at;
  if (after.status == success) l.completed = at;
  if (after.status == cancel || (after.status == terminated && !l.closed)) l.closed = at;
}

}  // namespace

life live(const recipe& from, const record& of, std::span<const epoch_ms> steps) {
  const std::vector<standing> all = stages(from, of.serial, of.mutations);
  life l;
  l.now = all.front();
  l.created = of.created + of.tb_offset_s * epoch_ms{1000};
  be_born(l, from, of);
  l.modified = l.created;
  for (const auto& at : {l.paid, l.all_shipped, l.confirmed, l.completed, l.closed})
    l.modified = std::max(l.modified, at.value_or(0));
  if (l.now.refunded_fen != 0) see_refund(l, l.modified);
  for (std::size_t i = 1; i < all.size(); ++i) take_step(l, all[i], i <= steps.size() ? steps[i - 1] : l.modified);
  return l;
}

}  // namespace pandapon_sim
