#include "statuses.hpp"

#include "random.hpp"

#include <array>
#include <cstddef>

namespace pandapon_sim {
namespace {

/// By status, where an order of it has most likely been before; always a smaller number, so that a client sees
/// which of two states is the later one.
constexpr std::array<std::int64_t, 9> before{0, 0, 1, 2, 3, 4, 1, 2, 1};

constexpr std::array<std::string_view, 9> words{
    "", "waitbuyerpay", "waitsellersend", "waitbuyerreceive", "confirm_goods", "success", "cancel", "terminated", ""};
/// What 1688 calls 3 besides.
constexpr std::array<std::string_view, 4> on_the_way{"waitbuyerreceive", "waitbuyersign", "signinsuccess",
                                                     "waitlogisticstakein"};

bool documented(std::int64_t status) {
  return status >= 0 && status < std::int64_t{before.size()};
}

void name(status_code& status, std::string_view on_its_way) {
  if (!documented(status.value)) return;
  const bool under_way = status.value == std::int64_t{3};
  status.word = under_way ? on_its_way : words.at(static_cast<std::size_t>(status.value));
}

}  // namespace

std::int64_t status_number(const recipe& from, const record& of, order_status stands) {
  dice roll(from.seed, purpose::status, of.serial);
  if (!roll.per_ten_thousand(from.odd_statuses)) return static_cast<std::int64_t>(stands);
  return roll.percent(50) ? 9 : 77;
}

bool has_status_before(std::int64_t status) {
  return status > 1;
}

void step_back(order& o, order_status stands) {
  const std::int64_t now = o.order_status.value;
  const std::int64_t then =
      documented(now) ? before.at(static_cast<std::size_t>(now)) : static_cast<std::int64_t>(stands);
  for (order_line& line : o.lines)
    if (line.status.value == now) line.status.value = then;
  o.order_status.value = then;
}

void name_statuses(order& o, const recipe& from, const record& of) {
  dice roll(from.seed, purpose::status, of.serial, 1);
  const std::string_view on_its_way = on_the_way.at(roll.below(on_the_way.size()));
  name(o.order_status, on_its_way);
  for (order_line& line : o.lines) name(line.status, on_its_way);
}

}  // namespace pandapon_sim
