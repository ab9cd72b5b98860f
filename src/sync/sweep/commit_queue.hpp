#pragma once
// What windows have for the store. A window's commits go one after the other, so that its proof is never there before
// its parts are; those of different windows may be with the store at once. Pure. One thread.

#include "sync/ports.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace ordersync::sync::sweep {

using window_id = std::uint64_t;

struct window_commit {
  window_id id = 0;
  window_batch batch;
};

class commit_queue {
 public:
  void push(window_commit next);
  // The oldest that may go to the store now.
  std::optional<window_commit> next();
  // The store has answered the window's commit.
  void answered(window_id id) { with_store_.erase(id); }
  // Lets go of what is not with the store.
  void drop_queued() noexcept { queued_.clear(); }

  // Orders queued or with the store: they take memory.
  std::size_t orders() const noexcept;
  // Whether any order was ever pushed.
  bool had_orders() const noexcept { return had_orders_; }

  // Whether anything of the window is queued or with the store.
  bool holds(window_id id) const;
  bool none_queued() const noexcept { return queued_.empty(); }

 private:
  std::deque<window_commit> queued_;
  std::map<window_id, std::size_t> with_store_;  // and how many orders
  bool had_orders_ = false;
};

}  // namespace ordersync::sync::sweep
