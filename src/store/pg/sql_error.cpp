#include "store/pg/sql_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ordersync::store::pg {
namespace {

struct known_state {
  std::string_view code;
  bool transient;
  std::string_view meaning;  // what to do, where that is known
};

constexpr std::array known_states{
    known_state{"08P01", true,
                "a pooler in front of the server had no session to give, or the server did not understand"},
    known_state{"25006", true,
                "the server is read-only: a standby, a former primary, or a role or database set to read only"},
    known_state{"28000", false, "the server does not allow this role to log in; check pg_hba.conf"},
    known_state{"28P01", false, "the server does not accept the password; check database.password_file"},
    known_state{"3D000", false, "the database does not exist; check database.url"},
    known_state{"3F000", false, "schema ordersync is missing; run ordersync migrate"},
    known_state{"40001", true, "serialization failure"},
    known_state{"40P01", true, "deadlock"},
    known_state{"42501", false,
                "the role lacks a privilege; it must own the schema ordersync, or to export and to follow changes be a "
                "member of "
                "ordersync_reader, with personal data of ordersync_pii_reader"},
    known_state{"42P01", false, "a table is missing; run ordersync migrate"},
    known_state{"42703", false, "a column is missing; run ordersync migrate"},
    known_state{"53100", true, "the database server's disk is full"},
    known_state{"53200", true, "the server is out of memory"},
    known_state{"53300", true, "too many connections"},
    known_state{"55P03", true, "a lock was not granted in time"},
    known_state{"57014", true, "the statement was cancelled or took too long"},
    known_state{"57P01", true, "the server is being shut down"},
    known_state{"57P02", true, "the server crashed"},
    known_state{"57P03", true, "the server is starting up or shutting down"},
    known_state{"57P05", true, "the server ended an idle session"},
};

const known_state* find(std::string_view code) {
  const auto* at = std::ranges::find(known_states, code, &known_state::code);
  return at == known_states.end() ? nullptr : at;
}

}  // namespace

bool is_transient(std::string_view sqlstate) noexcept {
  if (sqlstate.empty()) return true;
  if (const auto* known = find(sqlstate)) return known->transient;
  // Connection exceptions, transaction rollbacks, insufficient resources, errors of the system under the server.
  const auto kind = sqlstate.substr(0, 2);
  return kind == "08" || kind == "40" || kind == "53" || kind == "58";
}

sql_error cut_short(std::string operation) {
  return {std::move(operation), {}, "interrupted because the program is stopping"};
}
sql_error no_answer(std::string operation) {
  return {std::move(operation), {}, "no answer in time"};
}

bool sql_error::transient() const noexcept {
  return !lasting_ && is_transient(sqlstate_);
}

std::string sql_error::reason() const {
  auto text = sqlstate_.empty() ? std::string{"connection lost"} : "SQLSTATE " + sqlstate_;
  if (sqlstate_.empty() && !detail_.empty()) return detail_;
  const auto* const known = find(sqlstate_);
  if (!detail_.empty())
    text += fmt::format(" ({})", detail_);
  else if (known != nullptr)
    text += fmt::format(" ({})", known->meaning);
  if (!circumstances_.empty()) text += ": " + circumstances_;
  return text;
}

}  // namespace ordersync::store::pg
