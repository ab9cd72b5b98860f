#pragma once
// One connection to PostgreSQL, over libpq: statements with parameters, and COPY of ready-made text. The only file that
// names libpq.
//
// Every wait but a name look-up also waits for the stop signal. Anything that goes wrong throws sql_error; after that
// the connection is to be dropped, which rolls its transaction back. (Where the server refused a statement, an explicit
// ROLLBACK will do.) One thread.
//
// Why libpq and not libpqxx: COPY of raw lines, waits that can be broken off, no silent reconnecting, and one interface
// in Debian 12 and 13 (libpqxx 6.4 and 7.10 differ in nearly every call that the store needs).

#include "core/error.hpp"
#include "store/pg/session.hpp"
#include "store/pg/sql_error.hpp"
#include "store/pg/stop_signal.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

extern "C" {
typedef struct pg_conn PGconn;      // NOLINT(modernize-use-using): libpq's own words
typedef struct pg_result PGresult;  // NOLINT(modernize-use-using)
}

namespace ordersync::store::pg {

// What a statement answered. Rows and columns count from 0; asking beyond them is undefined.
class rows {
 public:
  explicit rows(PGresult* r);  // takes it

  std::string sqlstate() const;  // of an error; "" otherwise
  int size() const noexcept;
  bool is_null(int row, int column) const noexcept;
  std::string_view text(int row, int column) const noexcept;  // valid while *this lives; empty for NULL
  std::int64_t integer(int row, int column) const;            // throws std::logic_error when it is not one
  bool flag(int row, int column) const noexcept;
  std::int64_t affected() const noexcept;  // rows written

 private:
  struct clear {
    void operator()(PGresult* r) const noexcept;
  };
  std::unique_ptr<PGresult, clear> result_;
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

  // From then on every wait fails as a lost connection does.
  void expire_at(std::chrono::steady_clock::time_point until) noexcept { until_ = until; }

  // Until a NOTIFY has come for a channel that the session listens to; true then. False at `at_latest`, or when
  // `interrupt` is raised.
  bool wait_for_notification(std::chrono::steady_clock::time_point at_latest, const stop_signal& interrupt);

  // `operation` is what a log may say of it ("read stored orders").
  rows exec(const char* operation, const std::string& sql, const std::vector<param>& params = {});
  // Several statements in one text, without parameters.
  void exec_script(const char* operation, const std::string& sql);

  // Called when an answer has been waited for for 10 s, and now and then from there on. It must not use the connection.
  using wait_listener = std::function<void(const char* operation, std::chrono::seconds waited)>;
  void on_long_wait(wait_listener listener) { long_wait_ = std::move(listener); }
  // Of the server.
  int process() const noexcept { return process_; }

  // True for the first caller: the session has no temporary tables yet.
  bool take_fresh() noexcept { return std::exchange(fresh_, false); }

  // COPY ... FROM STDIN: begin, then any number of puts of whole or partial lines, then end.
  void begin_copy(const char* operation, const std::string& sql);
  void put_copy(std::string_view text);
  void end_copy();

 private:
  struct finish {
    void operator()(PGconn* c) const noexcept;
  };
  using time_point = std::chrono::steady_clock::time_point;
  void connect(const std::string& url, const std::string& password);
  bool start(const std::string& url, const std::string& password, const std::string& options);
  void prepare_session();
  void refuse_shared_sessions(const std::string& url, const std::string& password);
  int ask_process();
  void limit_socket();
  void begin(const char* operation);  // and the limit on its waits
  bool ready(short events, time_point at_latest, const stop_signal* interrupt);
  void wait(short events);
  void tell_long_wait();
  void flush();
  bool consume();  // false when the connection is lost
  rows take_result();
  [[noreturn]] void fail_lost();
  [[noreturn]] void fail_to_connect() const;

  std::unique_ptr<PGconn, finish> handle_;
  const stop_signal& stop_;
  const session session_;
  time_point until_;
  time_point limit_;  // of the operation in hand
  const char* operation_ = "connect";
  wait_listener long_wait_;
  time_point asked_at_{};
  time_point told_next_ = time_point::max();
  int process_ = 0;
  bool fresh_ = true;
};

// See store::check_url.
core::result<void> check_connection_url(const std::string& url);

}  // namespace ordersync::store::pg
