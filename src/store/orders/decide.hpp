#pragma once
// What a read of a window may do to the orders it saw. Pure; the transaction gives what is stored, under the writers'
// lock.

#include "core/order.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace ordersync::store::orders {

struct stored_order {
  core::sha256 content_hash{};
  std::string account;
  core::instant observed_at{};
  bool vanished = false;
};
using stored_orders = std::unordered_map<std::int64_t, stored_order>;

// A read of any account that has been stored. An order that it saw unchanged bears no trace of it.
struct stored_read {
  std::string account;
  core::window range;
  core::instant finished_at{};
  bool of_others = false;  // it showed an order that belongs to another account
  // Read apart from its window: it saw these, of the orders in question, and no others. None: it read all of its range.
  std::optional<std::set<std::int64_t>> apart{};
};

enum class verdict {
  create,     // new to the mirror
  change,     // differs from what is stored, or had vanished; belongs to whom it did
  adopt,      // the same, or equal; its account is not configured any more, or it had vanished: it becomes this one's
  unchanged,  // nothing to write
  outdated,   // differs, but what is stored may be newer
};

// Against the stored row alone. `held` is null when there is none. Whichever account reads an order later wins: whom it
// belongs to is a label.
verdict decide(const core::order& order, const stored_order* held, const std::string& account,
               const std::vector<std::string>& configured_accounts);

// Whether one of the reads may have seen the order, which belongs to `owner`, later than this observation. A read is
// taken to have seen every order created in its range or within a minute of it, by either of the order's two creation
// times: nobody outside knows which of them the API filters by. One of another account did so only if it showed others'
// orders at all: accounts that share none must not hold each other up.
bool overtaken(const core::order& order, const std::string& owner, const std::vector<stored_read>& reads);

}  // namespace ordersync::store::orders
