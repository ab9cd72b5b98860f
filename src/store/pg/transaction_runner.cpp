#include "store/pg/transaction_runner.hpp"

#include "store/pg/blockers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace ordersync::store::pg {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

}  // namespace

transaction_runner::transaction_runner(std::string url, std::string password, session as, retry_policy policy,
                                       core::log& log)
    : url_(std::move(url)),
      session_(std::move(as)),
      policy_(policy),
      next_wait_(policy.first_wait),
      log_(log),
      outage_(log),
      password_(std::move(password)) {}

transaction_runner::~transaction_runner() {
  cut();
  thread_.join();
}

boost::asio::awaitable<void> transaction_runner::perform_in_thread(const std::function<void()>& work) {
  co_await boost::asio::co_spawn(
      thread_,
      [&work]() -> boost::asio::awaitable<void> {
        work();
        co_return;
      },
      boost::asio::use_awaitable);
}

void transaction_runner::use_password(std::string password) {
  const std::lock_guard lock{mutex_};
  drop_connection_ = drop_connection_ || password != password_;
  password_ = std::move(password);
}

void transaction_runner::close() noexcept {
  const std::lock_guard lock{mutex_};
  closed_ = true;
  wake_.notify_all();
}

void transaction_runner::cut() noexcept {
  close();
  cut_.raise();
}

bool transaction_runner::closed() const {
  const std::lock_guard lock{mutex_};
  return closed_;
}

connection& transaction_runner::connected() {
  std::string password;
  {
    const std::lock_guard lock{mutex_};
    if (std::exchange(drop_connection_, false)) connection_.reset();
    password = password_;
  }
  if (!connection_) {
    connection_ = std::make_unique<connection>(url_, password, cut_, session_);
    connection_->on_long_wait([this](const char* step, std::chrono::seconds waited) { log_wait(step, waited); });
  }
  return *connection_;
}

// Asks by another session what ours waits for.
void transaction_runner::log_wait(const char* step, std::chrono::seconds waited) {
  std::string waits_for;
  try {
    std::string password;
    {
      const std::lock_guard lock{mutex_};
      password = password_;
    }
    connection beside(url_, password, cut_, {session::purpose::probe, session_.name});
    waits_for = describe_wait(beside, connection_->process());
  } catch (const sql_error&) {
    waits_for = "the server, which does not answer a second session either";
  } catch (const precondition_failed&) {
    waits_for = "the server";
  }
  if (closed()) return;
  log_.write(core::severity::warning, "database_waiting",
             {{"operation", operation_}, {"step", step}, {"lasted", waited}, {"waits_for", waits_for}});
}

void transaction_runner::transact(access mode, const std::function<void(connection&)>& body) {
  if (closed()) throw sql_error("begin", {}, "the store is closed because the program is stopping");
  try {
    auto& db = connected();
    db.begin(mode);
    body(db);
    db.commit();
  } catch (...) {
    connection_.reset();  // which rolls back
    throw;
  }
  worked();
}

void transaction_runner::answered() {
  failing_since_.reset();
  next_wait_ = policy_.first_wait;
}

void transaction_runner::worked() {
  answered();
  outage_.worked(steady_clock::now());
}

bool transaction_runner::wait_to_retry(const char* operation, const sql_error& why) {
  if (!why.transient()) {
    answered();
    return false;
  }
  const auto now = steady_clock::now();
  if (!failing_since_) failing_since_ = now;
  const auto left = policy_.give_up_after - std::chrono::ceil<milliseconds>(now - *failing_since_);
  if (left <= milliseconds{0} || closed()) return false;
  const auto wait = std::min(next_wait_, left);
  next_wait_ = std::min(next_wait_ * 2, policy_.longest_wait);
  outage_.failed(now, operation, why, wait);
  std::unique_lock lock{mutex_};
  wake_.wait_for(lock, wait, [this] { return closed_; });
  return !closed_;
}

core::error transaction_runner::explain(const char* operation, const sql_error& why) {
  const auto kind = why.transient() ? core::failure::database_down : core::failure::database;
  return core::make_error(kind,
                          fmt::format("database: {} failed at step \"{}\": {}", operation, why.what(), why.reason()));
}

}  // namespace ordersync::store::pg
