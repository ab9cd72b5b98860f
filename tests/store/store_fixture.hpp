// A migrated database of its own for every test, the store on it, and orders to put in.
#pragma once

#include "store/pg/connection.hpp"
#include "store/store.hpp"
#include "sync/ports.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace ordersync::store_test {

class recording_log final : public core::log {
 public:
  void write(core::severity level, std::string_view event,
             std::initializer_list<core::log_field> fields) noexcept override;
  // Every event so far, one a line: "warning database_retry operation=... wait=0.2".
  std::string text() const;
  int count(std::string_view event) const;
  // Returns when the event has been written so many times; false after a minute.
  bool wait_for(std::string_view event, int times = 1) const;

 private:
  int count_locked(std::string_view event) const;

  mutable std::mutex mutex_;
  mutable std::condition_variable written_;
  std::vector<std::string> lines_;
};

// 2024-05-07T00:00:00Z and so many seconds.
core::second at(int seconds);
core::instant at_ms(int seconds, int milliseconds = 0);
core::window span(int begin, int end);

// An order with every field filled: two lines, cargo, both addresses, a payload. Created at at(created), observed at
// at(observed). Its hash follows from its fields; call rehash after changing them.
core::order sample_order(std::int64_t id, int created = 10, int observed = 100);
void rehash(core::order& order);

// A proven window of the account "main", read from `observed` on, that took a second.
sync::window_batch proven_batch(core::window window, std::vector<core::order> orders, int observed = 100);
sync::window_batch unproven_batch(core::window window, std::vector<core::order> orders, int observed = 100);

// Runs an operation of the store to its end.
template <class T>
T run(boost::asio::awaitable<T> operation) {
  boost::asio::io_context context;
  auto future = boost::asio::co_spawn(context, std::move(operation), boost::asio::use_future);
  context.run();
  return future.get();
}

class store_test : public ::testing::Test {
 protected:
  void SetUp() override;

  // Another store on the same database, as another process would have.
  std::unique_ptr<store::database> another_store(std::vector<std::string> accounts = {"main", "second"});
  store::pg::settings settings_for(std::vector<std::string> accounts = {"main", "second"}) const;
  void open(const std::string& account, const std::string& scope = "scope-1");

  sync::commit_summary commit(sync::window_batch batch);
  core::error commit_fails(sync::window_batch batch);
  // In a thread of its own, for a test that disturbs it.
  std::future<core::result<sync::commit_summary>> commit_meanwhile(sync::window_batch batch);
  sync::commit_summary store_orders(std::vector<core::order> orders, int observed = 100);

  // The first column of the first row as text, as the superuser sees it; "NULL" for NULL and "none" without a row.
  std::string value(const std::string& sql);
  // All rows, columns parted by "|", rows by a newline.
  std::string table(const std::string& sql);
  void execute(const std::string& sql);
  // Asks again and again until the first column is true; fails the test after a minute.
  void wait_until(const std::string& sql);
  // Ends every session of the role `ordersync` in the test's database.
  void kill_sessions();
  // Where every row of every table of orders lies and who wrote it: equal when no row version was made.
  std::string row_versions();

  std::string database_;
  recording_log log_;
  std::unique_ptr<store::database> store_;
  store::pg::stop_signal never_;
  std::unique_ptr<store::pg::connection> superuser_;
};

}  // namespace ordersync::store_test
