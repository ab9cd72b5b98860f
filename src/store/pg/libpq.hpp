#pragma once
// What libpqxx cannot do, by plain libpq. No other file names it.
//
// - Connecting with waits that can be cut short: libpqxx 6.4 blocks in PQconnectdb. 7 does not need to, but takes one
//   connection string, which cannot say what an url may override and what not.
// - COPY of bytes that are ready: libpqxx's stream_to wants values, and escapes them itself.
// - SQLSTATE: libpqxx keeps none of a lost connection, nor (6.4) of deadlocks, serialization failures, missing rights.
// - Reading a connection string without connecting, and the version of the library that runs.
//
// Hazard: the PGconn is lent to pqxx_session, which is to let go of it before it is closed here.

#include "store/pg/session.hpp"
#include "store/pg/stop_signal.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

extern "C" {
typedef struct pg_conn PGconn;  // NOLINT(modernize-use-using): libpq's own words
}

namespace ordersync::store::pg {

class libpq_handle {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  // Connects. Each wait but a name look-up ends when `stop` is raised, at `until`, or 10 s after the beginning. Throws
  // sql_error. From then on errors bear their SQLSTATE alone, for more may quote rows, and notices are dropped.
  libpq_handle(const std::string& url, const std::string& password, const session& as, const stop_signal& stop,
               time_point until);

  PGconn* get() const noexcept { return handle_.get(); }
  int socket() const noexcept;
  int process() const noexcept;  // of the server, as it says at the beginning
  bool lost() const noexcept;
  // Of what failed last, "" when no server said any.
  std::string sqlstate() const;

  // Whether errors also say what the server says, of statements that quote no rows.
  void explain_errors(bool whether) noexcept;

  // After a COPY ... FROM STDIN. They block; false, or none, when it failed.
  bool put_copy(std::string_view bytes);
  std::optional<std::int64_t> end_copy();  // the rows that the table took

 private:
  struct finish {
    void operator()(PGconn* c) const noexcept;
  };
  bool start(const std::string& url, const std::string& password, const session& as, const std::string& options);
  bool poll_until_connected(const stop_signal& stop, time_point until);
  std::optional<std::int64_t> take_results();

  std::unique_ptr<PGconn, finish> handle_;
};

// What libpq makes of a connection string, without defaults; none when it is not one.
std::optional<std::map<std::string, std::string, std::less<>>> parse_connection_string(const std::string& text);

// See store::libpq_version.
std::string libpq_version();

}  // namespace ordersync::store::pg
