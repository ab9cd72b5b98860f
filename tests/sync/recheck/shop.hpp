#pragma once
// A shop behind an API that counts and lists by status, and a mirror of it that is checked by counts. For tests: no
// socket, no database; every request takes a moment, in which orders may change.

#include "sync/recheck/check_plan.hpp"
#include "sync/recheck/count_check.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <set>
#include <vector>

namespace ordersync::sync::recheck {

class shop {
 public:
  struct entry {
    std::int64_t id = 0;
    int status = 1;
    core::instant created_at{};
  };

  explicit shop(std::uint64_t seed) : random_(seed) {}

  // Orders created evenly in the window; of them `open` in the statuses 1 to 4, the others finished.
  void fill(core::window created, std::int64_t orders, std::int64_t open);
  // One open order goes one step along its life. Its id.
  std::int64_t move_one();
  void move(std::int64_t id, int to);
  // Before each request.
  std::function<void()> before_request = [] {};
  // Before each cut.
  std::function<void()> before_cut = [] {};

  // Performs the check to its end.
  check_result perform(count_check& check);

  std::int64_t requests() const noexcept { return requests_; }
  // Orders of which the mirror has another status than the shop.
  std::set<std::int64_t> stale() const;
  const std::vector<entry>& orders() const noexcept { return api_; }  // by id, from 1 on
  std::vector<entry>& mirror() noexcept { return mirror_; }
  // Lists by status leave these out.
  std::set<std::int64_t> missed;
  // Look-ups do not show these, and nobody knows what became of them.
  std::set<std::int64_t> lost;
  // Nothing is stored: reads of others have overtaken what the check has read.
  bool overtaken = false;
  // Orders without a number at 1688.
  std::set<std::int64_t> numberless;
  // The end of the farthest page that was asked for, in orders.
  std::int64_t deepest_asked = 0;
  std::size_t largest_batch = 0;  // of orders stored at once
  // The API's windows begin and end so much later than the mirror's.
  std::chrono::seconds edge_shift{0};
  // Called with the id of each order that the mirror stores anew.
  std::function<void(std::int64_t)> on_stored = [](std::int64_t) {};

 private:
  std::vector<const entry*> listed(const core::window& w, std::optional<int> status) const;
  page read(const read_page& of);
  static core::order wire(const entry& of);
  std::int64_t store(const store_orders& batch);

  std::mt19937_64 random_;
  entry& at(std::int64_t id) { return api_.at(static_cast<std::size_t>(id) - 1); }

  std::vector<entry> api_, mirror_;
  std::vector<std::int64_t> open_;
  std::int64_t requests_ = 0;
};

}  // namespace ordersync::sync::recheck
