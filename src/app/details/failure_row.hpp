#pragma once
// Failures that may be one order's own or all orders': which of both shows when several different orders fail one after
// the other. Pure.

#include "core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <set>

namespace ordersync::app::details {

// The API was not reached, or answered as it does to all: it may do so for one order, too.
constexpr bool may_be_all(core::failure kind) noexcept {
  return kind == core::failure::unreachable || kind == core::failure::untrusted || kind == core::failure::overloaded ||
         kind == core::failure::refused;
}

class failure_row {
 public:
  // So many different orders are no accident.
  static constexpr std::size_t several = 3;

  // `successes`: of anything that the account asks, ever.
  void add(std::int64_t order_id, core::failure kind, std::uint64_t successes) {
    if (kind != kind_) orders_.clear();
    kind_ = kind;
    nothing_succeeds_ = !orders_.empty() && successes == successes_;
    successes_ = successes;
    if (orders_.size() < several) orders_.insert(order_id);
  }
  // The API said something of an order.
  void end() noexcept { orders_.clear(); }

  // Several orders in a row have failed in the same way.
  bool lasts() const noexcept { return orders_.size() >= several; }
  // And nothing else that the account asks has succeeded between the last two: it is no order's fault.
  bool is_outage() const noexcept { return lasts() && nothing_succeeds_; }

 private:
  std::set<std::int64_t> orders_;
  core::failure kind_ = core::failure::defect;
  std::uint64_t successes_ = 0;
  bool nothing_succeeds_ = false;
};

}  // namespace ordersync::app::details
