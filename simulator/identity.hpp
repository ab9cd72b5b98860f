// The parts of an order that it is looked up by, computed without composing the rest. Pure.
#pragma once

#include "record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pandapon_sim {

/// Serials must stay below this, or ids would leave int64.
inline constexpr std::uint32_t serial_limit = 700'000'000;
/// Orders are numbered in blocks of this size; ids run against the time of creation within a block only, as those of
/// the vendor's distributed counter would.
inline constexpr std::uint32_t id_block = 256;

/// Above 2^53 and distinct. Rises with slot_of(serial).
std::int64_t order_id(std::uint64_t seed, std::uint32_t serial);
/// The place of an order when all are sorted by id. Its own inverse; swaps places within a block of `id_block`.
std::uint32_t slot_of(std::uint64_t seed, std::uint32_t serial);
/// Distinct over all lines of all orders; `line` below 90.
std::int64_t line_id(std::uint64_t seed, std::uint32_t serial, std::uint32_t line);
/// 1688's own number of the order, distinct, 19 digits.
std::int64_t tb_order_id(std::uint64_t seed, std::uint32_t serial);
/// The serial whose number that is; none: it is nobody's. The text may have leading zeros.
std::optional<std::uint32_t> serial_of_tb_order(std::uint64_t seed, std::string_view number);
/// Names the order's refund, whether it has one or not: `TQ` and a number, distinct.
std::string refund_id(std::uint64_t seed, std::uint32_t serial);
/// The serial whose refund `TQ...` is; none: it is nobody's.
std::optional<std::uint32_t> serial_of_refund(std::uint64_t seed, std::string_view refund_id);
/// `userId` of who ordered: `2200000000001` to `2200000000008`, the first far more often than the last; with `users`
/// above 0 from `2200000000001` on so many, each as often.
std::string user_id(std::uint64_t seed, std::uint32_t serial, std::uint32_t users);
/// tbCreateTime less createTime in seconds, -5 to 5.
std::int8_t tb_offset_s(std::uint64_t seed, std::uint32_t serial);

}  // namespace pandapon_sim
