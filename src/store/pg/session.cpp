#include "store/pg/session.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace ordersync::store::pg {
namespace {

struct setting {
  std::string_view name;  // as pg_settings spells it
  std::string_view command, work, watch;
};

constexpr std::string_view left_alone;  // as role, database or server have it

constexpr setting same(std::string_view name, std::string_view value) {
  return {name, value, value, value};
}
constexpr setting of_daemons(std::string_view name, std::string_view value) {
  return {name, left_alone, value, value};
}

// All that results depend on, whatever role, database or server say. A server that does not know a setting yet, or
// not this value of it, does without.
constexpr std::array all_settings{
    same("search_path", "pg_catalog"), same("client_min_messages", "error"),
    // How values are written and read.
    same("TimeZone", "UTC"), same("DateStyle", "ISO, YMD"), same("IntervalStyle", "postgres"),
    same("bytea_output", "hex"), same("extra_float_digits", "1"), same("standard_conforming_strings", "on"),
    same("array_nulls", "on"), same("transform_null_equals", "off"),
    // What a transaction may do.
    same("default_transaction_isolation", "read committed"), same("default_transaction_read_only", "off"),
    same("default_transaction_deferrable", "off"), same("exit_on_error", "off"),
    // A transaction of ours is done in a fraction of a second; what takes longer has met a lock or an overloaded
    // server.
    setting{"statement_timeout", "120s", "30s", "7s"}, setting{"lock_timeout", "30s", "25s", "3s"},
    setting{"idle_in_transaction_session_timeout", "120s", "30s", "7s"},
    // Each statement and each pause has its limit; a migration and what erases much may take long.
    same("transaction_timeout", "0"), same("idle_session_timeout", "0"),
    // The planner thinks the temporary tables larger than they are and would compile its plans, which takes longer
    // than running them.
    same("jit", "off"), same("temp_buffers", "32MB"),
    // Payloads are a few kilobytes, and compressing them the old way costs more than all else that a COPY does.
    same("default_toast_compression", "lz4"),
    // So that the server ends a session within 8 s when the daemon's host has vanished. Of no effect on a unix socket.
    of_daemons("tcp_keepalives_idle", "3"), of_daemons("tcp_keepalives_interval", "1"),
    of_daemons("tcp_keepalives_count", "4"), of_daemons("tcp_user_timeout", "7000")};

std::string_view value_of(const setting& of, session::purpose purpose) {
  switch (purpose) {
    case session::purpose::work:
      return of.work;
    case session::purpose::watch:
    case session::purpose::probe:
      return of.watch;
    case session::purpose::command:
      break;
  }
  return of.command;
}

}  // namespace

std::string session_settings(session::purpose purpose) {
  std::string wanted;
  for (const auto& one : all_settings) {
    const auto value = value_of(one, purpose);
    if (value != left_alone) wanted += fmt::format("{}('{}', '{}')", wanted.empty() ? "" : ", ", one.name, value);
  }
  return fmt::format(
      "SELECT pg_catalog.set_config(known.name, wanted.value, false) FROM (VALUES {}) AS wanted (name, value) "
      "JOIN pg_catalog.pg_settings AS known ON known.name OPERATOR(pg_catalog.=) wanted.name "
      "WHERE known.vartype OPERATOR(pg_catalog.<>) 'enum' "
      "OR wanted.value OPERATOR(pg_catalog.=) ANY (known.enumvals)",
      wanted);
}

std::string session_durability(session::purpose purpose) {
  // The leader election writes nothing but heartbeats, which a crash of the server may lose.
  if (purpose == session::purpose::watch) return "SELECT pg_catalog.set_config('synchronous_commit', 'off', false)";
  return durable_commits(false);
}

std::string durable_commits(bool in_transaction) {
  return fmt::format(
      "SELECT pg_catalog.set_config(name, CASE reset_val WHEN 'off' THEN 'on' ELSE reset_val END, {}) "
      "FROM pg_catalog.pg_settings WHERE name = 'synchronous_commit'",
      in_transaction);
}

std::chrono::steady_clock::time_point answer_deadline(std::chrono::steady_clock::time_point now,
                                                      session::purpose purpose) {
  switch (purpose) {
    case session::purpose::work:
      return now + std::chrono::seconds{40};
    case session::purpose::watch:
    case session::purpose::probe:
      return now + std::chrono::seconds{8};
    case session::purpose::command:
      break;
  }
  return std::chrono::steady_clock::time_point::max();
}

}  // namespace ordersync::store::pg
