#include "store/leadership/leader_election.hpp"

#include "store/jobs/job_table.hpp"
#include "store/leadership/frozen_owners.hpp"
#include "store/leadership/holder_watch.hpp"
#include "store/leadership/leadership.hpp"
#include "store/leadership/lease_table.hpp"
#include "store/leadership/observation_clock.hpp"
#include "store/pg/connection.hpp"
#include "store/pg/precondition_failed.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <type_traits>
#include <utility>

namespace ordersync::store::leadership {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using sync::sharing::lease;
using sync::sharing::slice;

// How long one look listens: a leader beats, and a standby tries, about twice a second.
constexpr std::chrono::milliseconds listening{500};
constexpr std::chrono::seconds longest_look{20};
// How often a worker writes its row. Its sessions show more; this is for those that cannot see them.
constexpr std::chrono::seconds worker_pace{25};
// A transaction of the former leader's that is in hand may end by itself.
constexpr const char* grace = "SELECT set_config('lock_timeout', '3s', true)";

class postgres_leader_election final : public leader_election {
 public:
  postgres_leader_election(pg::settings s, instance self, core::log& log)
      : url_(std::move(s.url)), self_(std::move(self)), log_(log), password_(std::move(s.password)) {}
  ~postgres_leader_election() override {
    cut();
    thread_.join();
  }

  asio::awaitable<core::result<sighting>> look() override {
    co_return co_await on_thread<sighting>("looking who leads", [this] { return look_now(); });
  }
  asio::awaitable<core::result<std::int64_t>> assume() override {
    co_return co_await on_thread<std::int64_t>("taking the lead", [this] { return assume_now(); });
  }
  asio::awaitable<core::result<core::instant>> clock() override {
    co_return co_await on_thread<core::instant>("reading the clock", [this] {
      if (!connection_) throw pg::sql_error("read the clock", {});
      connection_->expire_at(steady_clock::now() + longest_look);
      return read_observation_clock(*connection_, log_);
    });
  }

  void work_for(std::map<std::string, std::string> key_groups) override {
    const std::lock_guard lock{mutex_};
    key_groups_ = std::move(key_groups);
    soon_ = true;
  }
  asio::awaitable<core::result<std::vector<lease>>> take(std::vector<lease> list) override {
    co_return co_await on_thread<std::vector<lease>>("taking accounts", [&] { return take_now(list); });
  }
  asio::awaitable<core::result<void>> leave() override {
    work_for({});
    co_return co_await on_thread<void>(
        "taking no more accounts",
        [&] {
          worker_written_.reset();
          in_transaction<void>([&](pg::connection& db) { leave_workers(db, self_.id); });
        },
        true);
  }
  asio::awaitable<core::result<void>> release(std::vector<lease> list) override {
    co_return co_await on_thread<void>(
        "giving accounts back",
        [&] { in_transaction<void>([&](pg::connection& db) { release_leases(db, self_.id, list); }); }, true);
  }
  asio::awaitable<core::result<std::optional<slice>>> write_slice(sync::sharing::slice_wish wish) override {
    co_return co_await on_thread<std::optional<slice>>("writing a slice of the rate", [&] { return slice_now(wish); });
  }
  asio::awaitable<core::result<void>> retire() override {
    work_for({});
    co_return co_await on_thread<void>(
        "giving accounts back", [&] { in_transaction<void>([&](pg::connection& db) { remove_worker(db, self_.id); }); },
        true);
  }

  void reconfigure(std::string password) override {
    const std::lock_guard lock{mutex_};
    password_ = std::move(password);
  }
  void close() noexcept override {
    closed_ = true;
    closing_.raise();
  }
  void cut() noexcept override {
    close();
    cut_.raise();
  }

 private:
  template <class T>
  asio::awaitable<core::result<T>> on_thread(const char* operation, std::function<T()> work, bool closed_too = false) {
    co_return co_await asio::co_spawn(
        thread_,
        [this, operation, &work, closed_too]() -> asio::awaitable<core::result<T>> {
          co_return attempt<T>(operation, work, closed_too);
        },
        asio::use_awaitable);
  }

  // Whatever fails leaves no connection, and with it no lock.
  template <class T>
  core::result<T> attempt(const char* operation, const std::function<T()>& work, bool closed_too) {
    try {
      if (closed_ && !closed_too)
        throw pg::sql_error("begin", {}, "the connection is closed because the program is stopping");
      if constexpr (std::is_void_v<T>) {
        work();
        return core::result<void>{};
      } else {
        return work();
      }
    } catch (const pg::sql_error& why) {
      if (!closed_) forget();  // closed, the lock is kept until the last write is done: until the election is destroyed
      return core::make_error(
          why.transient() ? core::failure::database_down : core::failure::database,
          fmt::format("database: {} failed at step \"{}\": {}", operation, why.what(), why.reason()));
    } catch (const pg::precondition_failed& why) {
      forget();
      return why.why();
    } catch (...) {
      forget();
      throw;
    }
  }

  void forget() noexcept {
    connection_.reset();
    leads_ = false;
    epoch_ = 0;
    silence_.reset();
    worker_written_.reset();  // others must see that this process is back
  }

  sighting look_now() {
    const auto until = steady_clock::now() + longest_look;
    if (connection_) {
      connection_->expire_at(until);
      const auto now = steady_clock::now();
      connection_->wait_for_notification(soon_.exchange(false) ? now : now + listening, closing_);
      if (closed_) throw pg::sql_error("listen", {}, "the connection is closed because the program is stopping");
    } else {
      connect(until);
    }
    if (!leads_) try_to_lead();
    return see();
  }

  void connect(steady_clock::time_point until) {
    std::string password;
    {
      const std::lock_guard lock{mutex_};
      password = password_;
    }
    connection_ = std::make_unique<pg::connection>(
        url_, password, cut_, pg::session{pg::session::purpose::watch, session_name(self_.id)}, until);
    connection_->listen(jobs::job_channel);
  }

  void try_to_lead() {
    leads_ = take_leaders_lock(*connection_);
    if (leads_) return silence_.reset();
    const auto holder = read_lock_holder(*connection_);
    if (!holder || !silence_.is_gone(*holder, steady_clock::now())) return;
    const int ended = end_sessions(*connection_, holder->session, true, session_name(self_.id));
    log_.write(core::severity::warning, "leader_silent",
               {{"leader", instance_of(holder->session)}, {"silent", holder->age}, {"sessions_ended", ended}});
    silence_.reset();
    leads_ = take_leaders_lock(*connection_);
  }

  sighting see() {
    auto& db = *connection_;
    sighting seen;
    seen.leads = leads_;
    seen.epoch = epoch_;
    if (epoch_ == 0) {
      seen.leader = read_leader(db);
    } else {
      seen.leader = beat(db, epoch_, self_.id);
      if (!seen.leader) refuse("another daemon has taken the lead");
    }
    const auto key_groups = shared_accounts();
    if (!key_groups.empty()) seen.sharing = share(key_groups);
    if (epoch_ != 0 || seen.sharing) seen.jobs = jobs::read_open_jobs(db);
    seen.database_time = read_clock(db);
    return seen;
  }

  std::map<std::string, std::string> shared_accounts() {
    const std::lock_guard lock{mutex_};
    return key_groups_;
  }

  // `begun` is before the first statement that shows a sign of life.
  sync::sharing::view share(const std::map<std::string, std::string>& key_groups) {
    const auto begun = steady_clock::now();
    if (written_groups_ != key_groups || !worker_written_ || begun - *worker_written_ >= worker_pace) {
      write_worker(*connection_, self_, key_groups);
      worker_written_ = begun;
      written_groups_ = key_groups;
    }
    auto seen = read_sharing(*connection_);
    seen.begun = begun;
    seen.ended = steady_clock::now();
    return seen;
  }

  // What is written must not be forgotten by a server that breaks down.
  template <class T>
  T in_transaction(const std::function<T(pg::connection&)>& body) {
    if (!connection_) throw pg::sql_error("begin", {}, "the connection is lost");
    auto& db = *connection_;
    db.expire_at(steady_clock::now() + longest_look);
    db.begin(pg::access::write);
    db.exec("begin", pg::durable_commits(true));
    if constexpr (std::is_void_v<T>) {
      body(db);
      db.commit();
    } else {
      T outcome = body(db);
      db.commit();
      return outcome;
    }
  }

  std::vector<lease> take_now(const std::vector<lease>& list) {
    auto taken =
        in_transaction<std::vector<lease>>([&](pg::connection& db) { return take_leases(db, self_.id, list); });
    for (const auto& owner : frozen_.after_taking(list, taken, steady_clock::now())) end_worker(owner);
    return taken;
  }

  std::optional<slice> slice_now(const sync::sharing::slice_wish& wish) {
    auto written = in_transaction<std::optional<slice>>(
        [&](pg::connection& db) { return leadership::write_slice(db, self_.id, wish); });
    if (frozen_.after_writing(written.has_value(), steady_clock::now()))
      for (const auto& [worker, number] : wish.lapsed) end_worker(worker);
    return written;
  }

  void end_worker(const std::string& lost) {
    const int ended = end_sessions(*connection_, session_name(lost), false, session_name(self_.id));
    log_.write(core::severity::warning, "worker_sessions_ended", {{"worker", lost}, {"sessions_ended", ended}});
  }

  std::int64_t assume_now() {
    if (!leads_)
      throw pg::precondition_failed(core::make_error(core::failure::defect, "the lead was assumed without its lock"));
    connection_->expire_at(steady_clock::now() + longest_look);
    const auto former = read_leader(*connection_);
    auto epoch = try_to_begin();
    if (!epoch) {
      if (former && former->who.id != self_.id) end_sessions_of(former->who.id);
      epoch = try_to_begin();
    }
    if (!epoch) throw pg::sql_error("begin an epoch", "55P03");
    epoch_ = *epoch;
    return epoch_;
  }

  void end_sessions_of(const std::string& former) {
    const int ended = end_sessions(*connection_, session_name(former), false, session_name(self_.id));
    log_.write(core::severity::warning, "leader_sessions_ended", {{"leader", former}, {"sessions_ended", ended}});
  }

  // None: somebody holds on to the former epoch.
  std::optional<std::int64_t> try_to_begin() {
    auto& db = *connection_;
    db.begin(pg::access::write);
    db.exec("begin an epoch", grace);
    // Unlike a heartbeat this must not be forgotten.
    db.exec("begin an epoch", pg::durable_commits(true));
    const auto epoch = begin_epoch(db, self_);
    if (epoch)
      db.commit();
    else
      db.roll_back();
    return epoch;
  }

  [[noreturn]] static void refuse(const char* what) {
    throw pg::precondition_failed(core::make_error(core::failure::database, std::string{"database: "} + what));
  }

  const std::string url_;
  const instance self_;
  core::log& log_;

  // The election's thread's own.
  std::unique_ptr<pg::connection> connection_;
  bool leads_ = false;
  std::int64_t epoch_ = 0;
  holder_watch silence_;  // of whoever holds the lock
  std::optional<steady_clock::time_point> worker_written_;
  std::map<std::string, std::string> written_groups_;
  frozen_owners frozen_;

  std::mutex mutex_;  // for the two that follow
  std::string password_;
  std::map<std::string, std::string> key_groups_;  // of the accounts to work; none: no worker
  std::atomic<bool> closed_{false};
  std::atomic<bool> soon_{false};  // the accounts have changed: the next look does not listen
  pg::stop_signal closing_, cut_;
  asio::thread_pool thread_{1};
};

}  // namespace

std::unique_ptr<leader_election> make_leader_election(pg::settings s, instance self, core::log& log) {
  return std::make_unique<postgres_leader_election>(std::move(s), std::move(self), log);
}

}  // namespace ordersync::store::leadership
