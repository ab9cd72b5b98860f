#pragma once
// When was each second of creation time last read. Orders change long after they are created, so what is stored is as
// old as its last reading. Pure; one thread. Memory: one entry for each stretch read at the same time; see coalesce.

#include "core/time.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <vector>

namespace ordersync::sync::schedule {

class last_read_map {
 public:
  // `w` was read by a request that left at `at`. What was read later than that stays as it is.
  void read(const core::window& w, core::second at);

  // The oldest reading within `w`; none when a part of it was never read. `w` is not empty.
  std::optional<core::second> oldest(const core::window& w) const;

  // The parts of `w` that were last read before `at`, or never; ascending.
  std::vector<core::window> older_than(const core::window& w, core::second at) const;

  // Bounds memory: times within `w` are rounded down to whole grains, and neighbours of the same time become one entry.
  // So nothing ever looks fresher than it is, and the error is below a grain however often this is called.
  void coalesce(const core::window& w, std::chrono::seconds grain);
  // Everything created earlier was never read.
  void forget(core::second before);
  // A reading later than `now` is a mistake of some clock: it did not happen.
  void forget_readings_after(core::second now);

  std::size_t entries() const noexcept { return pieces_.size(); }

 private:
  struct piece {
    core::second end;
    core::second at;
  };
  using piece_map = std::map<core::second, piece>;  // by their beginnings; disjoint

  void cut_at(core::second t);
  void join_equals(const core::window& w);

  piece_map pieces_;
};

}  // namespace ordersync::sync::schedule
