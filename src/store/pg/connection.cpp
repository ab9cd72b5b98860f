#include "store/pg/connection.hpp"

#include "store/pg/connect_failure.hpp"
#include "store/pg/precondition_failed.hpp"

#include <pqxx/except>

#include <charconv>
#include <poll.h>
#include <stdexcept>
#include <utility>

namespace ordersync::store::pg {
namespace {

using std::chrono::steady_clock;

// libpqxx knows no SQLSTATE of some errors, and libpq has forgotten it when libpqxx has rolled back since.
std::string state_of(const pqxx::failure& why, const libpq_handle& of) {
  if (const auto* known = dynamic_cast<const pqxx::sql_error*>(&why); known != nullptr && !known->sqlstate().empty())
    return known->sqlstate();
  auto state = of.sqlstate();
  return state.empty() ? std::string{sqlstate_in(why.what())} : state;
}

struct explained_errors {
  explicit explained_errors(libpq_handle& of) noexcept : of_(of) { of_.explain_errors(true); }
  explained_errors(const explained_errors&) = delete;
  explained_errors& operator=(const explained_errors&) = delete;
  ~explained_errors() { of_.explain_errors(false); }

 private:
  libpq_handle& of_;
};

// What the server says in its own words of things that stand in the way of a migration: names of views and the like,
// and never of rows.
std::string named_in(const pqxx::failure& why, const std::string& state) {
  constexpr std::string_view others_depend_on_it = "2BP01";
  if (state != others_depend_on_it) return {};
  std::string_view said = why.what();
  said = said.substr(0, said.find('\n'));
  const auto begin = said.find(state + ": ");
  return begin == std::string_view::npos ? std::string{} : std::string{said.substr(begin + state.size() + 2)};
}

}  // namespace

rows::rows(const pqxx::result& r) : result_(r) {}
int rows::size() const noexcept {
  return static_cast<int>(result_.size());
}
bool rows::is_null(int row, int column) const noexcept {
  return cell(row, column).is_null();
}
std::string_view rows::text(int row, int column) const noexcept {
  const auto one = cell(row, column);
  return {one.c_str(), one.size()};
}
bool rows::flag(int row, int column) const noexcept {
  return text(row, column) == "t";
}
pqxx::field rows::cell(int row, int column) const noexcept {
  return result_[static_cast<pqxx::result::size_type>(row)][static_cast<pqxx::row::size_type>(column)];
}

std::int64_t rows::integer(int row, int column) const {
  const auto digits = text(row, column);
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (problem != std::errc{} || end != digits.data() + digits.size()) throw std::logic_error("a column is no integer");
  return value;
}

std::int64_t rows::affected() const noexcept {
  return static_cast<std::int64_t>(result_.affected_rows());
}

connection::connection(const std::string& url, const std::string& password, const stop_signal& stop, session as,
                       time_point until)
    : stop_(stop),
      purpose_(std::move(as)),
      until_(until),
      handle_(url, password, purpose_, stop, until),
      watchdog_(handle_.socket(), stop),
      session_(handle_.get()) {
  refuse_shared_sessions(url, password);
  if (purpose_.of != session::purpose::probe) prepare_session();
}

// Closing may wait until all is sent, and within a COPY that may be much.
connection::~connection() {
  if (copy_ != nullptr) watchdog_.shut_down();
}

int connection::ask_process() {
  return static_cast<int>(exec("look for a pooler", "SELECT pg_catalog.pg_backend_pid()").integer(0, 0));
}

// A pooler makes up the number of the process. One that gives a session away between transactions gives ours to whoever
// asks next, so that both are served by one process. Asked before any setting is made, for those would stay behind.
void connection::refuse_shared_sessions(const std::string& url, const std::string& password) {
  process_ = ask_process();
  if (process_ == handle_.process() || purpose_.of == session::purpose::probe) return;
  int other = 0;
  try {
    other = connection(url, password, stop_, {session::purpose::probe, purpose_.name}, until_).process();
  } catch (const sql_error&) {
    // A pool of sessions may have none left.
  }
  if (other != process_ && ask_process() == process_) return;
  throw store::pg::precondition_failed(
      core::make_error(core::failure::database,
                       "database: a connection pooler in front of PostgreSQL uses another session for each transaction "
                       "(pgbouncer: pool_mode = transaction or statement), so locks, settings and temporary tables are "
                       "lost. Point database.url at PostgreSQL itself, or set pool_mode = session for this database"));
}

void connection::prepare_session() {
  exec("prepare the session", session_settings(purpose_.of));
  exec("prepare the session", session_durability(purpose_.of));
}

template <class Call>
auto connection::guarded(const char* operation, Call call) {
  return guarded_until(std::min(until_, answer_deadline(steady_clock::now(), purpose_.of)), operation, std::move(call));
}

template <class Call>
auto connection::guarded_until(time_point limit, const char* operation, Call call) {
  if (const auto ended = watchdog_.arm(operation, limit); ended != watchdog::cause::none) fail(operation, ended, {});
  std::string state;
  std::string named;
  try {
    auto answer = call();
    watchdog_.disarm();
    return answer;
  } catch (const pqxx::failure& why) {
    state = state_of(why, handle_);
    named = named_in(why, state);
  } catch (...) {
    watchdog_.disarm();
    throw;
  }
  fail(operation, watchdog_.disarm(), std::move(state), std::move(named));
}

void connection::fail(const char* operation, watchdog::cause ended, std::string state, std::string named) const {
  if (ended == watchdog::cause::stopped) throw cut_short(operation);
  if (ended == watchdog::cause::late) throw no_answer(operation);
  // A server that goes says why; but what it said of a statement before it went says nothing of the next.
  if (handle_.lost() && !is_transient(state)) state.clear();
  throw sql_error(operation, std::move(state), std::move(named));
}

void connection::begin(access mode) {
  guarded("begin", [&] { return session_.begin(mode), true; });
}
void connection::commit() {
  guarded("commit", [&] { return session_.commit(), true; });
}
void connection::roll_back() {
  guarded("rollback", [&] { return session_.roll_back(), true; });
}

rows connection::exec(const char* operation, const std::string& sql, const std::vector<param>& params) {
  std::vector<const char*> values;
  values.reserve(params.size());
  for (const auto& p : params) {
    if (p && p->find('\0') != std::string::npos) throw std::logic_error("a parameter holds a NUL byte");
    values.push_back(p ? p->c_str() : nullptr);
  }
  return rows{guarded(operation, [&] { return session_.exec(sql, values); })};
}

// It may well take long.
void connection::exec_script(const char* operation, const std::string& sql) {
  guarded_until(until_, operation, [&] {
    const explained_errors here{handle_};
    return session_.exec_script(sql);
  });
}

void connection::listen(const std::string& channel) {
  guarded("listen", [&] { return session_.listen(channel), true; });
}

bool connection::wait_for_notification(time_point at_latest, const stop_signal& interrupt) {
  for (;;) {
    if (guarded("listen", [&] { return session_.notifications(); }) > 0) return true;
    const auto end = wait_for_socket(handle_.socket(), POLLIN, at_latest, stop_, &interrupt);
    if (end == wait_end::stopped) throw cut_short("listen");
    if (end != wait_end::ready) return false;
  }
}

void connection::begin_copy(const char* operation, const std::string& sql) {
  exec(operation, sql);
  copy_ = operation;
}

void connection::put_copy(std::string_view bytes) {
  // Pieces, each with its own limit, so that libpq's own buffer stays small.
  constexpr std::size_t piece = std::size_t{64} * 1024;
  while (!bytes.empty()) {
    const auto part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    if (guarded(copy_, [&] { return handle_.put_copy(part); })) continue;
    fail(copy_, watchdog_.disarm(), handle_.sqlstate());
  }
}

std::int64_t connection::end_copy() {
  const char* const operation = copy_;
  const auto rows = guarded(operation, [&] { return handle_.end_copy(); });
  if (!rows) fail(operation, watchdog_.disarm(), handle_.sqlstate());
  copy_ = nullptr;
  return *rows;
}

}  // namespace ordersync::store::pg
