// An order's status where it is not just where the order stands: odd numbers, words, and what it was before.
#pragma once

#include "lifecycle.hpp"
#include "order.hpp"
#include "record.hpp"

#include <cstdint>

namespace pandapon_sim {

/// The status of an order that stands at `stands`: that, or for the recipe's share of orders 9 or 77, whatever happens
/// to them.
std::int64_t status_number(const recipe& from, const record& of, order_status stands);

/// Whether an order of that status has been through another one before.
bool has_status_before(std::int64_t status);
/// The order, and those of its lines that stand where it does, as of one status ago; `stands` is what an odd number
/// hides. Its other fields stay.
void step_back(order& o, order_status stands);

/// Gives all its statuses 1688's words; 8 and what nobody documents have none. 3 has four, chosen by `of`.
void name_statuses(order& o, const recipe& from, const record& of);

}  // namespace pandapon_sim
