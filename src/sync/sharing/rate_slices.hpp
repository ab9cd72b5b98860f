#pragma once
// A worker's part of what one access key may send. A slice is used for `slice_lapses` after the look that confirmed it
// was begun, and only while it is confirmed; whoever paused for longer has to write it anew. Pure. One thread.
//
// Why slices have no time of their own in the database: it would have to be renewed every second, and each row version
// that dies ends reports on a hot standby. The signs of life, which are free, take its place: see worker_watch.

#include "sync/sharing/sharing.hpp"
#include "sync/sharing/worker_watch.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ordersync::sync::sharing {

// What a transaction that holds the group's lock is to do: drop these slices if they are still the same, then write
// ours with at most what the others leave of `total`.
struct slice_wish {
  std::string key_group;
  double per_second = 0;
  double total = 0;
  std::vector<std::pair<std::string, std::int64_t>> lapsed;  // workers and numbers
};

class rate_slice {
 public:
  rate_slice(std::string self, std::string key_group, double total);

  // What a look has read. `mine`, `all`: accounts of the group that self and all live workers hold.
  void saw(const view& seen, const worker_watch& watch, int mine, int all);
  // What is to be written now; none: nothing would change. Before that the caller lets the gate use usable() at most.
  std::optional<slice_wish> wish() const;
  // It was written: so much, under this number; the statement was sent at `asked`.
  void granted(double per_second, std::int64_t number, time_point asked);

  // Requests a second, until lapses_at().
  double usable() const noexcept;
  time_point lapses_at() const noexcept { return lapses_at_; }

 private:
  std::string self_, key_group_;
  double total_;

  double held_ = 0;  // what may be used; 0 where nothing is confirmed
  std::int64_t number_ = 0;
  time_point lapses_at_{};

  double target_ = 0;
  double stored_ = 0;  // what the database has as ours
  double room_ = 0;    // of the total, beside what others may be using
  bool confirmed_ = false;
  std::vector<std::pair<std::string, std::int64_t>> lapsed_;
};

}  // namespace ordersync::sync::sharing
