#include "store/session.hpp"

namespace ordersync::store {
namespace {

constexpr const char* common_settings =
    "SELECT set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO, YMD', false), "
    "set_config('search_path', 'pg_catalog', false), set_config('client_min_messages', 'error', false), "
    "set_config('default_transaction_isolation', 'read committed', false), "
    // The planner thinks the temporary tables larger than they are and would compile its plans, which takes longer than
    // running them.
    "set_config('jit', 'off', false), set_config('temp_buffers', '32MB', false), ";

// A transaction of ours is done in a fraction of a second; what takes longer has met a lock or a sick server.
constexpr const char* command_settings =
    "set_config('statement_timeout', '120s', false), set_config('lock_timeout', '30s', false), "
    "set_config('idle_in_transaction_session_timeout', '120s', false)";
constexpr const char* work_settings =
    "set_config('statement_timeout', '30s', false), set_config('lock_timeout', '25s', false), "
    "set_config('idle_in_transaction_session_timeout', '30s', false), ";
// The watch post writes nothing but heartbeats, which a crash of the server may forget.
constexpr const char* watch_settings =
    "set_config('statement_timeout', '7s', false), set_config('lock_timeout', '3s', false), "
    "set_config('idle_in_transaction_session_timeout', '7s', false), set_config('synchronous_commit', 'off', false), ";
// So that the server ends a session within 8 s when the daemon's host has vanished. Of no effect on a unix socket.
constexpr const char* daemon_settings =
    "set_config('tcp_keepalives_idle', '3', false), set_config('tcp_keepalives_interval', '1', false), "
    "set_config('tcp_keepalives_count', '4', false), set_config('tcp_user_timeout', '7000', false)";

}  // namespace

std::string session_settings(session::purpose purpose) {
  switch (purpose) {
    case session::purpose::work:
      return std::string{common_settings} + work_settings + daemon_settings;
    case session::purpose::watch:
      return std::string{common_settings} + watch_settings + daemon_settings;
    case session::purpose::command:
      break;
  }
  return std::string{common_settings} + command_settings;
}

std::chrono::steady_clock::time_point patience_from(std::chrono::steady_clock::time_point now,
                                                    session::purpose purpose) {
  switch (purpose) {
    case session::purpose::work:
      return now + std::chrono::seconds{40};
    case session::purpose::watch:
      return now + std::chrono::seconds{8};
    case session::purpose::command:
      break;
  }
  return std::chrono::steady_clock::time_point::max();
}

}  // namespace ordersync::store
