#include "identity.hpp"

#include "random.hpp"

#include <bit>
#include <charconv>
#include <system_error>

namespace pandapon_sim {
namespace {

// int64 holds 9.22e18. Seeds spread over a million origins 1e12 apart, so that catalogues of two seeds seldom share
// ids; orders stand 1e10 apart, which leaves room for 90 lines of 1e8 each between two of them.
constexpr std::int64_t origin = 1'060'000'000'000'000'000;
constexpr std::int64_t between_seeds = 1'000'000'000'000;
constexpr std::int64_t between_orders = 10'000'000'000;
constexpr std::int64_t between_lines = 100'000'000;
constexpr std::int64_t tb_origin = 2'000'000'000'000'000'000;
constexpr std::int64_t refund_origin = 8'000'000'000'000'000;
constexpr std::int64_t between_tb_orders = 1'000'000;

std::uint64_t identity_hash(std::uint64_t seed, std::uint32_t serial, std::uint64_t which) {
  return dice(seed, purpose::identity, serial, which).next();
}

std::int64_t modulo(std::uint64_t hash, std::int64_t n) {
  return static_cast<std::int64_t>(hash % static_cast<std::uint64_t>(n));
}

std::int64_t origin_of(std::uint64_t seed) {
  return modulo(mix(seed), 1'000'000) * between_seeds;
}

std::int64_t refund_number(std::uint64_t seed, std::uint32_t serial) {
  return refund_origin + origin_of(seed) + serial * between_tb_orders +
         modulo(identity_hash(seed, serial, 4), between_tb_orders);
}

/// The serial that `number_of` gives that number; none: nobody has it.
std::optional<std::uint32_t> serial_of(std::uint64_t seed, std::string_view number, std::int64_t first,
                                       std::int64_t (*number_of)(std::uint64_t, std::uint32_t)) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc{} || end != number.data() + number.size()) return std::nullopt;
  const std::int64_t serial = (value - first - origin_of(seed)) / between_tb_orders;
  if (serial < 0 || serial >= std::int64_t{serial_limit}) return std::nullopt;
  const auto out = static_cast<std::uint32_t>(serial);
  return number_of(seed, out) == value ? std::optional(out) : std::nullopt;
}

}  // namespace

std::uint32_t slot_of(std::uint64_t seed, std::uint32_t serial) {
  const std::uint64_t mask = mix(seed, serial / id_block) % id_block;
  return serial ^ static_cast<std::uint32_t>(mask);
}

std::int64_t order_id(std::uint64_t seed, std::uint32_t serial) {
  return origin + origin_of(seed) + slot_of(seed, serial) * between_orders +
         modulo(identity_hash(seed, serial, 0), between_lines);
}

std::int64_t line_id(std::uint64_t seed, std::uint32_t serial, std::uint32_t line) {
  return origin + origin_of(seed) + slot_of(seed, serial) * between_orders + (line + 1) * between_lines +
         modulo(identity_hash(seed, serial, 100 + line), between_lines);
}

std::int64_t tb_order_id(std::uint64_t seed, std::uint32_t serial) {
  return tb_origin + origin_of(seed) + serial * between_tb_orders +
         modulo(identity_hash(seed, serial, 1), between_tb_orders);
}

std::optional<std::uint32_t> serial_of_tb_order(std::uint64_t seed, std::string_view number) {
  return serial_of(seed, number, tb_origin, tb_order_id);
}

std::string refund_id(std::uint64_t seed, std::uint32_t serial) {
  return "TQ" + std::to_string(refund_number(seed, serial));
}

std::optional<std::uint32_t> serial_of_refund(std::uint64_t seed, std::string_view refund_id) {
  if (!refund_id.starts_with("TQ")) return std::nullopt;
  return serial_of(seed, refund_id.substr(2), refund_origin, refund_number);
}

std::string user_id(std::uint64_t seed, std::uint32_t serial, std::uint32_t users) {
  constexpr std::int64_t first = 2'200'000'000'001;
  const std::uint64_t hash = identity_hash(seed, serial, 2) >> 1;
  if (users != 0) return std::to_string(first + static_cast<std::int64_t>(hash % users));
  // The number of leading zeros halves with every step; the top bit is set so that it stays below 8.
  return std::to_string(first + std::countl_zero(hash | (std::uint64_t{1} << 55)) - 1);
}

std::int8_t tb_offset_s(std::uint64_t seed, std::uint32_t serial) {
  return static_cast<std::int8_t>(modulo(identity_hash(seed, serial, 3), 11) - 5);
}

}  // namespace pandapon_sim
