#pragma once
// The database's transactions, where those that write are fenced: each is done in the epoch of the moment in which it
// is asked for, or not at all. So what waits while the lead is lost is not done by a later leader. Any thread.

#include "store/leadership/leadership.hpp"
#include "store/pg/transaction_runner.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
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

 private:
  pg::transaction_runner& runner_;
  const std::string instance_;
  std::atomic<std::int64_t> epoch_{0};
};

}  // namespace ordersync::store::leadership
