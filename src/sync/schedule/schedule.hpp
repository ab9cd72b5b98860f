#pragma once
// What one account reads next: new orders (live), whatever between sync.start and now is not proven yet (catch-up),
// older orders again (revisit), and backfill jobs. Pure: no I/O, no clock. One thread.
//
// Hazard: the server's clock may be wrong and be put right. Windows follow it, but paces do not, a reading keeps the
// time of a clock that does not jump, and proof of what is still to come is not trusted.

#include "sync/schedule/catch_up.hpp"
#include "sync/schedule/job_queue.hpp"
#include "sync/schedule/last_read_map.hpp"
#include "sync/schedule/live.hpp"
#include "sync/schedule/proof.hpp"
#include "sync/schedule/revisit.hpp"
#include "sync/schedule/task.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace ordersync::sync::schedule {

struct schedule_rules {
  core::second start{};  // nothing older is mirrored, unless a job asks for it
  std::chrono::milliseconds live_every{10'000};
  std::chrono::seconds settle{5};
  std::chrono::seconds overlap{600};
  std::vector<tier> tiers;  // youngest first
};

class schedule {
 public:
  // `proven` and `read`: what the database knows.
  schedule(schedule_rules rules, const std::vector<core::window>& proven, last_read_map read);

  // The next task to begin now, the most urgent first. Call until it gives none, then again after each of the calls
  // below and at wake(). At any time at most one task of each is under way: live, young and old catch-up, each tier,
  // jobs. Whatever is given must end with ended() or dropped().
  std::optional<task> next(const moment& now);
  // When next() may give one though nothing happens; at most 60 s from now.
  std::chrono::steady_clock::time_point wake(const moment& now) const;

  // A window was committed, whatever task it was for, or none. `proven`: what its transaction added to the coverage.
  // `read_at`: when its first request left, by the clock of moment::reading.
  void stored(const core::window& w, const std::optional<core::window>& proven, core::second read_at);

  // The proof of `w` was taken back: it is read again like any gap.
  void retracted(const core::window& w) { proof_.take_back(w); }
  // What kept windows from being proven is over: they are tried again at once.
  void clear_backoff();
  // From now on the API shows nothing that is younger than this in full.
  void use_settle(std::chrono::seconds settle);

  // A task is over. What it did not prove is tried again after a while.
  void ended(std::uint64_t task, bool proven_whole, const moment& now);
  // A task was stopped for a reason that is not its windows' (a pause, a reload, the database is gone): nothing is held
  // against them, and it may be given again at once.
  void dropped(std::uint64_t task, const moment& now);

  // The open jobs of the account that may run, oldest first. One that is under way and not among them is the caller's
  // to stop. A job whose task has ended and that is still among them is given again after a while.
  void set_jobs(std::vector<runnable_job> jobs);

  std::vector<tier_state> tiers(const moment& now) const;
  // Everything from start to here is proven; none while the first second is not.
  std::optional<core::second> complete_through() const;
  const std::vector<core::window>& proven() const noexcept { return proof_.trusted().windows(); }
  // Entries held to know how old what is stored is: a measure of memory.
  std::size_t reading_entries() const noexcept { return read_.entries(); }

 private:
  void end(std::uint64_t task, task_end how, const moment& now);
  std::optional<task> pick(const moment& now);

  schedule_rules rules_;
  proof proof_;
  last_read_map read_;
  bool begun_ = false;

  live live_;
  catch_up young_;
  catch_up old_;
  std::vector<revisit> tiers_;
  job_queue jobs_;
  std::uint64_t last_task_ = 0;
};

}  // namespace ordersync::sync::schedule
