#pragma once
// The database's transactions, where those that write are fenced: each is done in the epoch of the moment in which it
// is asked for, or not at all. So what waits while the lead or an account is lost is not done by a later owner. What
// belongs to an account that this process ever held is fenced by that account's epoch, everything else by the leader's.
// Any thread.

#include "store/jobs/job_table.hpp"
#include "store/leadership/leadership.hpp"
#include "store/leadership/lease_table.hpp"
#include "store/pg/transaction_runner.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace ordersync::store::leadership {

class fenced_transactions {
 public:
  // `work` outlives it.
  fenced_transactions(pg::transaction_runner& work, std::string instance)
      : runner_(work), instance_(std::move(instance)) {}
  fenced_transactions(const fenced_transactions&) = delete;
  fenced_transactions& operator=(const fenced_transactions&) = delete;

  // From here on; 0: in none.
  void lead(std::int64_t epoch) noexcept { epoch_ = epoch; }
  // From here on this is the account's epoch; it stays when the account is lost.
  void hold(const std::string& account, std::int64_t epoch) {
    const std::lock_guard lock{mutex_};
    held_[account] = epoch;
  }

  template <class T>
  boost::asio::awaitable<core::result<T>> read(const char* operation, std::function<T(pg::connection&)> body) {
    return runner_.run<T>(operation, pg::access::read, std::move(body));
  }
  template <class T>
  boost::asio::awaitable<core::result<T>> write(const char* operation, std::function<T(pg::connection&)> body) {
    return runner_.run<T>(operation, pg::access::write,
                          [this, epoch = epoch_.load(), body = std::move(body)](pg::connection& db) {
                            if (epoch != 0) require_epoch(db, epoch, instance_);
                            return body(db);
                          });
  }
  // What belongs to the account.
  template <class T>
  boost::asio::awaitable<core::result<T>> write(const char* operation, const std::string& account,
                                                std::function<T(pg::connection&)> body) {
    const auto epoch = epoch_of(account);
    if (!epoch) return write<T>(operation, std::move(body));
    return runner_.run<T>(operation, pg::access::write,
                          [this, account, epoch = *epoch, body = std::move(body)](pg::connection& db) {
                            require_lease(db, account, epoch, instance_);
                            return body(db);
                          });
  }
  // What every daemon writes of itself, while it leads or owns an account.
  template <class T>
  boost::asio::awaitable<core::result<T>> write_of_self(const char* operation, std::function<T(pg::connection&)> body) {
    const bool daemon = !instance_.empty() || epoch_ != 0;
    return runner_.run<T>(operation, pg::access::write, [this, daemon, body = std::move(body)](pg::connection& db) {
      if (daemon) require_part(db, instance_);
      return body(db);
    });
  }
  // What belongs to an account that only the database knows.
  template <class T>
  boost::asio::awaitable<core::result<T>> write_for(const char* operation,
                                                    std::function<std::string(pg::connection&)> account_of,
                                                    std::function<T(pg::connection&)> body) {
    return runner_.run<T>(operation, pg::access::write,
                          [this, held = held(), epoch = epoch_.load(), account_of = std::move(account_of),
                           body = std::move(body)](pg::connection& db) {
                            if (!held.empty()) {
                              const auto account = account_of(db);
                              if (const auto at = held.find(account); at != held.end()) {
                                require_lease(db, account, at->second, instance_);
                                return body(db);
                              }
                            }
                            if (epoch != 0) require_epoch(db, epoch, instance_);
                            return body(db);
                          });
  }
  template <class T>
  boost::asio::awaitable<core::result<T>> write_for_job(const char* operation, std::int64_t job,
                                                        std::function<T(pg::connection&)> body) {
    std::function<std::string(pg::connection&)> whose = [job](pg::connection& db) {
      return jobs::read_account(db, job);
    };
    return write_for<T>(operation, std::move(whose), std::move(body));
  }

 private:
  std::map<std::string, std::int64_t> held() const {
    const std::lock_guard lock{mutex_};
    return held_;
  }
  std::optional<std::int64_t> epoch_of(const std::string& account) const {
    const std::lock_guard lock{mutex_};
    const auto at = held_.find(account);
    return at == held_.end() ? std::nullopt : std::optional{at->second};
  }

  pg::transaction_runner& runner_;
  const std::string instance_;
  std::atomic<std::int64_t> epoch_{0};
  mutable std::mutex mutex_;                  // for what follows
  std::map<std::string, std::int64_t> held_;  // epochs by account
};

}  // namespace ordersync::store::leadership
