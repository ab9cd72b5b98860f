#pragma once
// Who of several daemons leads, and what the leader must be notified of. A thread and a connection of its own, so that
// neither long transactions nor the waits of the runner delay it.
//
// The leader holds an advisory lock of its session; the lock is free the moment that session ends. A leader whose
// session lives but which says nothing (a stopped process, a machine that froze) is found by its heartbeat: its
// sessions are ended for it. What it may still have in flight then is refused by its epoch, see store::database::lead.
//
// One call at a time, from coroutines of any executor; close, cut and reconfigure from any thread.
//
// The same session shares accounts and rate with the other workers (work_for and what follows), so that whoever leads
// and whoever works shows one sign of life. What these do is in sync/sharing.
//
// Hazard: a pooler in front must pool sessions; one that pools transactions is refused. All daemons on a database log
// in as the same role; otherwise a standby has not the right to end a stale leader's sessions.

#include "core/error.hpp"
#include "core/log.hpp"
#include "store/jobs/jobs.hpp"
#include "store/leadership/leader.hpp"
#include "store/pg/settings.hpp"
#include "sync/sharing/rate_slices.hpp"
#include "sync/sharing/sharing.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::leadership {

struct sighting {
  bool leads = false;                    // this process holds the lock
  std::int64_t epoch = 0;                // more than 0 once assume() was called and while the lock is held
  std::optional<leader_info> leader;     // as the table says; none: nobody ever led, or the schema is not there yet
  std::vector<jobs::backfill_job> jobs;  // the open ones, oldest first; only with an epoch, or as a worker
  std::optional<sync::sharing::view> sharing;  // only as a worker
  core::instant database_time{};
};

class leader_election {
 public:
  leader_election() = default;
  leader_election(const leader_election&) = delete;
  leader_election& operator=(const leader_election&) = delete;
  virtual ~leader_election() = default;

  // One look. Waits up to 500 ms for a notification of a job (not right after connecting). Then, without the lock:
  // tries to get it, and ends the sessions of a holder that has been silent for 6 s. With an epoch: heartbeat, and the
  // open jobs. Takes at most 20 s, each statement at most 8 s, whatever the server does.
  //
  // Any failure loses the connection, and with it lock and epoch; it comes at once when nobody answers, so the caller
  // waits before it looks again. failure::database_down, or failure::database when it is refused for good or when
  // another daemon has taken the epoch.
  virtual boost::asio::awaitable<core::result<sighting>> look() = 0;

  // Holding the lock, with the schema current: writes this instance into `leader` under the next epoch, and gives that.
  // Waits for the transactions that the former leader has in hand, up to 3 s; then ends its sessions. Failures as
  // look(); failure::defect without the lock.
  virtual boost::asio::awaitable<core::result<std::int64_t>> assume() = 0;

  // With an epoch: see store::database::clock. Failures as look().
  virtual boost::asio::awaitable<core::result<core::instant>> clock() = 0;

  // From the next look on this process is a worker, with the schema current: `key_groups` by account. Any thread.
  virtual void work_for(std::map<std::string, std::string> key_groups) = 0;
  // Which of them are this process's now, with their epochs. Where a transaction of a lost owner holds one for 3 s, its
  // sessions are ended, and the next call takes it. Failures as look().
  virtual boost::asio::awaitable<core::result<std::vector<sync::sharing::lease>>> take(
      std::vector<sync::sharing::lease> list) = 0;
  // This process sends no more requests and takes no more accounts, until it calls work_for() again; what it holds is
  // still to be released. Works after close() too, as release() and retire(). Failures as look().
  virtual boost::asio::awaitable<core::result<void>> leave() = 0;
  // Once the work of these has ended. Failures as look().
  virtual boost::asio::awaitable<core::result<void>> release(std::vector<sync::sharing::lease> list) = 0;
  // None: not now; the next look may ask again. Failures as look().
  virtual boost::asio::awaitable<core::result<std::optional<sync::sharing::slice>>> write_slice(
      sync::sharing::slice_wish wish) = 0;
  // Gives all of it back; the process is no worker any more. Where there is a connection.
  virtual boost::asio::awaitable<core::result<void>> retire() = 0;

  // For the next connection; the one that holds the lock is kept.
  virtual void reconfigure(std::string password) = 0;

  // As store::database. Destroying the election gives the lock back, so that is to come after the last write.
  virtual void close() noexcept = 0;
  virtual void cut() noexcept = 0;
};

// Of the settings url, password are used. Connects when first needed. `log` outlives the election.
std::unique_ptr<leader_election> make_leader_election(pg::settings s, instance self, core::log& log);

}  // namespace ordersync::store::leadership
