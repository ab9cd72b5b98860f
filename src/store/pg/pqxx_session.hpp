#pragma once
// A session of PostgreSQL as libpqxx sees it: transactions, statements, notifications. All that differs between libpqxx
// 6.4 (Debian 12) and 7.10 (Debian 13) is in its .cpp.
//
// The connection is made elsewhere and lent to it, so libpqxx never connects again by itself. Every call may throw
// pqxx::failure, and may block for as long as the server says nothing: see watchdog.hpp. One thread.
//
// A hazard of libpqxx 6.4: a script that fails has rolled its transaction back.

#include <pqxx/result>

#include <memory>
#include <string>
#include <vector>

extern "C" {
typedef struct pg_conn PGconn;  // NOLINT(modernize-use-using): libpq's own words
}

namespace ordersync::store::pg {

// What a transaction may do.
enum class access {
  read,   // one snapshot, writes nothing
  write,  // each statement sees what is committed when it begins
};

class pqxx_session {
 public:
  explicit pqxx_session(PGconn* lent);
  ~pqxx_session();  // says nothing to the server: an open transaction ends with the connection
  pqxx_session(const pqxx_session&) = delete;
  pqxx_session& operator=(const pqxx_session&) = delete;

  // Outside of a transaction a statement is one by itself.
  void begin(access mode);
  void commit();
  void roll_back();  // where none is open, nothing

  // One statement; its parameters as text, null for NULL.
  pqxx::result exec(const std::string& sql, const std::vector<const char*>& parameters);
  // Several in one text, without parameters.
  pqxx::result exec_script(const std::string& sql);

  void listen(const std::string& channel);
  // How many notifications came since the last call. Does not block.
  int notifications();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace ordersync::store::pg
