#pragma once
// One connection to PostgreSQL: transactions, statements with parameters, COPY of ready-made bytes, notifications.
//
// Every wait but a name look-up also waits for the stop signal. Anything that goes wrong throws sql_error; after that
// the connection is to be dropped, which rolls its transaction back. (Where the server refused a statement, rolling
// back will do.) One thread.
//
// Through libpqxx (pqxx_session), which blocks: a watchdog ends its calls. What libpqxx cannot do is in libpq.hpp.
// Savepoints are statements, for a subtransaction of libpqxx 6.4 begins no sooner than its first script.

#include "core/error.hpp"
#include "store/pg/libpq.hpp"
#include "store/pg/pqxx_session.hpp"
#include "store/pg/session.hpp"
#include "store/pg/sql_error.hpp"
#include "store/pg/stop_signal.hpp"
#include "store/pg/watchdog.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ordersync::store::pg {

// What a statement answered. Rows and columns count from 0; asking beyond them is undefined.
class rows {
 public:
  explicit rows(const pqxx::result& r);  // which is counted by reference: a copy costs no text

  int size() const noexcept;
  bool is_null(int row, int column) const noexcept;
  std::string_view text(int row, int column) const noexcept;  // valid while *this lives; empty for NULL
  std::int64_t integer(int row, int column) const;            // throws std::logic_error when it is not one
  bool flag(int row, int column) const noexcept;
  std::int64_t affected() const noexcept;  // rows written

 private:
  pqxx::field cell(int row, int column) const noexcept;

  pqxx::result result_;
};

// A statement's parameter, as text; no value is NULL. Must hold no NUL byte (std::logic_error), for libpq would cut it.
using param = std::optional<std::string>;

class connection {
 public:
  // Connects and prepares the session: UTC, UTF-8, timeouts. `stop` outlives the connection. Nothing waits beyond
  // `until`, see expire_at. Throws precondition_failed when something between here and the server gives each
  // transaction another session.
  connection(const std::string& url, const std::string& password, const stop_signal& stop, session as = {},
             std::chrono::steady_clock::time_point until = std::chrono::steady_clock::time_point::max());
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  // From then on every wait fails as a lost connection does.
  void expire_at(std::chrono::steady_clock::time_point until) noexcept { until_ = until; }

  void listen(const std::string& channel);
  // Until a NOTIFY has come for a channel that the session listens to; true then. False at `at_latest`, or when
  // `interrupt` is raised.
  bool wait_for_notification(std::chrono::steady_clock::time_point at_latest, const stop_signal& interrupt);

  // Statements from here on to commit() or roll_back() are one transaction; without it each is one by itself.
  void begin(access mode);
  void commit();
  void roll_back();

  // `operation` is what a log may say of it ("read stored orders").
  rows exec(const char* operation, const std::string& sql, const std::vector<param>& params = {});
  // Several statements in one text, without parameters.
  void exec_script(const char* operation, const std::string& sql);

  // Called when an answer has been waited for for 10 s, and now and then from there on, in a thread of the connection's
  // own while the call that waits goes on. It must not use the connection.
  void on_long_wait(watchdog::wait_listener listener) { watchdog_.on_long_wait(std::move(listener)); }
  // Of the server.
  int process() const noexcept { return process_; }

  // True for the first caller: the session has no temporary tables yet.
  bool take_fresh() noexcept { return std::exchange(fresh_, false); }

  // COPY ... FROM STDIN: begin, then any number of puts of whole or partial rows, then end, which returns the number
  // of rows that the table took.
  void begin_copy(const char* operation, const std::string& sql);
  void put_copy(std::string_view bytes);
  std::int64_t end_copy();

 private:
  using time_point = std::chrono::steady_clock::time_point;
  void prepare_session();
  void refuse_shared_sessions(const std::string& url, const std::string& password);
  int ask_process();
  template <class Call>
  auto guarded(const char* operation, Call call);
  template <class Call>
  auto guarded_until(time_point limit, const char* operation, Call call);
  [[noreturn]] void fail(const char* operation, watchdog::cause ended, std::string state, std::string named = {}) const;

  const stop_signal& stop_;
  const session purpose_;
  time_point until_;
  libpq_handle handle_;
  watchdog watchdog_;
  pqxx_session session_;
  const char* copy_ = nullptr;  // the operation that a COPY which goes on is part of
  int process_ = 0;
  bool fresh_ = true;
};

// See store::local_role.
std::string local_role(const std::string& url);

// See store::check_url.
core::result<void> check_connection_url(const std::string& url);

}  // namespace ordersync::store::pg
