#pragma once
// What the database or the way to it did, inside the store: thrown by the connection, through the transaction's
// callback, and caught by the runner, which runs the transaction again or turns it into a core::error. It never leaves
// this room.

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace ordersync::store::pg {

class sql_error : public std::exception {
 public:
  // `operation` is ours ("write orders"). `sqlstate` has 5 characters, or none when the connection was lost or cut.
  // `detail` adds what libpq itself says of a connection that could not be made, or what to do: never a word about
  // rows. `lasting`: it stays so until a person changes something, whatever the state.
  sql_error(std::string operation, std::string sqlstate, std::string detail = {}, bool lasting = false)
      : operation_(std::move(operation)),
        sqlstate_(std::move(sqlstate)),
        detail_(std::move(detail)),
        lasting_(lasting) {}

  // The same, and what was seen around it: who holds a lock, for example. No word about rows.
  sql_error with(std::string circumstances) const {
    auto copy = *this;
    copy.circumstances_ = std::move(circumstances);
    return copy;
  }

  const char* what() const noexcept override { return operation_.c_str(); }
  const std::string& sqlstate() const noexcept { return sqlstate_; }
  // Whether running the transaction again may help.
  bool transient() const noexcept;
  // For logs: "connection lost", "SQLSTATE 40P01 (deadlock_detected)".
  std::string reason() const;

 private:
  std::string operation_, sqlstate_, detail_, circumstances_;
  bool lasting_ = false;
};

// Waits that the store itself ended.
sql_error cut_short(std::string operation);  // the program is stopping
sql_error no_answer(std::string operation);  // in time

// By PostgreSQL's table of error codes (Appendix A). An empty code is a lost connection.
bool is_transient(std::string_view sqlstate) noexcept;

}  // namespace ordersync::store::pg
