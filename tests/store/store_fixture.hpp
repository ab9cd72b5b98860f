// A migrated database of its own for every test, the store on it, and orders to put in.
#pragma once

#include "store/pg/connection.hpp"
#include "store/store.hpp"
#include "support/recorded_log.hpp"
#include "sync/ports.hpp"

#include <boost/asio/awaitable.hpp>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ordersync::store_test {

using test_support::recorded_log;

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

// Runs an operation of the store to its end. To spawn one of each type would take the compiler seconds in each test.
void run(boost::asio::awaitable<void> operation);
template <class T>
T run(boost::asio::awaitable<T> operation) {
  std::optional<T> result;
  run([](boost::asio::awaitable<T> from, std::optional<T>& into) -> boost::asio::awaitable<void> {
    auto got = co_await std::move(from);
    into.emplace(std::move(got));
  }(std::move(operation), result));
  return std::move(*result);
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
  recorded_log log_;
  std::unique_ptr<store::database> store_;
  store::pg::stop_signal never_;
  std::unique_ptr<store::pg::connection> superuser_;
};

}  // namespace ordersync::store_test
