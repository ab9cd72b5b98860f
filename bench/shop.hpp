#pragma once
// Orders to measure with: made up by the simulated vendor, with its usual share of oddities, and rendered and decoded
// as on their way through the programs. The same each time.

#include "core/order.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ordersync::bench {

inline constexpr int orders_a_page = 50;

class shop {
 public:
  // Creation times as dense as 1,000 a day.
  explicit shop(std::uint32_t orders);
  ~shop();

  // A reply as it travels: page `number`, counted from 1, of all orders by time.
  std::string page(std::uint32_t number) const;
  // The orders of `count` places from `first`, both multiples of orders_a_page, as read at that time.
  std::vector<core::order> read(std::uint32_t first, std::uint32_t count, core::instant observed_at) const;
  // Each of these orders takes a step in its life: paid, shipped, refunded, repriced, a line gone.
  void move_on(std::uint32_t first, std::uint32_t count);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// A page of the vendor's own sample order, over and over.
std::string page_of_samples();

}  // namespace ordersync::bench
