#include "store/pq_connection.hpp"

#include "store/connect_failure.hpp"
#include "store/refusal.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <utility>

namespace ordersync::store {
namespace {

using std::chrono::steady_clock;

// All hosts together; each by itself gives up after unacknowledged_limit.
constexpr std::chrono::seconds connect_limit{10};
// While connecting it decides when the next host is tried, since libpq's connect_timeout is for its blocking calls
// alone; short, because stopping the program may have to wait for it. Afterwards a longer one: a network may hiccup.
constexpr const char* unacknowledged_limit_connecting = "3000";  // milliseconds
constexpr unsigned unacknowledged_limit = 30'000;
// A daemon's: a host that vanished is noticed in time to go on elsewhere within 10 s.
constexpr unsigned unacknowledged_limit_of_daemons = 7'000;

// What is answered later than this is told of.
constexpr std::chrono::seconds long_wait{10};

// What url, environment or service file say of the server's settings.
std::string options_of(PGconn* of) {
  auto* const all = PQconninfo(of);
  std::string found;
  for (auto* one = all; one != nullptr && one->keyword != nullptr; ++one)
    if (std::string_view{one->keyword} == "options" && one->val != nullptr) found = one->val;
  PQconninfoFree(all);
  return found;
}

void ignore_notice(void* /*context*/, const PGresult* /*notice*/) {}

}  // namespace

rows::rows(PGresult* r) : result_(r) {}
void rows::clear::operator()(PGresult* r) const noexcept {
  PQclear(r);
}
std::string rows::sqlstate() const {
  const char* const code = PQresultErrorField(result_.get(), PG_DIAG_SQLSTATE);
  return code != nullptr ? code : "";
}
int rows::size() const noexcept {
  return PQntuples(result_.get());
}
bool rows::is_null(int row, int column) const noexcept {
  return PQgetisnull(result_.get(), row, column) != 0;
}
std::string_view rows::text(int row, int column) const noexcept {
  return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}
bool rows::flag(int row, int column) const noexcept {
  return text(row, column) == "t";
}

std::int64_t rows::integer(int row, int column) const {
  const auto digits = text(row, column);
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (problem != std::errc{} || end != digits.data() + digits.size()) throw std::logic_error("a column is no integer");
  return value;
}

std::int64_t rows::affected() const noexcept {
  const std::string_view digits = PQcmdTuples(result_.get());
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

void connection::finish::operator()(PGconn* c) const noexcept {
  PQfinish(c);
}

connection::connection(const std::string& url, const std::string& password, const stop_signal& stop, session as,
                       time_point until)
    : stop_(stop), session_(std::move(as)), until_(until), limit_(until) {
  connect(url, password);
  PQsetNoticeReceiver(handle_.get(), &ignore_notice, nullptr);
  PQsetErrorVerbosity(handle_.get(), PQERRORS_SQLSTATE);
  if (PQsetnonblocking(handle_.get(), 1) != 0) fail_lost();
  limit_socket();
  refuse_shared_sessions(url, password);
  if (session_.of != session::purpose::probe) prepare_session();
}

int connection::ask_process() {
  return static_cast<int>(exec("look for a pooler", "SELECT pg_catalog.pg_backend_pid()").integer(0, 0));
}

// A pooler makes up the number of the process. One that gives a session away between transactions gives ours to whoever
// asks next, so that both are served by one process. Asked before any setting is made, for those would stay behind.
void connection::refuse_shared_sessions(const std::string& url, const std::string& password) {
  process_ = ask_process();
  if (process_ == PQbackendPID(handle_.get()) || session_.of == session::purpose::probe) return;
  int other = 0;
  try {
    other = connection(url, password, stop_, {session::purpose::probe, session_.name}, until_).process();
  } catch (const sql_error&) {
    // A pool of sessions may have none left.
  }
  if (other != process_ && ask_process() == process_) return;
  throw store::refusal(
      core::make_error(core::failure::database,
                       "database: a connection pooler in front of PostgreSQL uses another session for each transaction "
                       "(pgbouncer: pool_mode = transaction or statement), so locks, settings and temporary tables are "
                       "lost. Point database.url at PostgreSQL itself, or set pool_mode = session for this database"));
}

void connection::prepare_session() {
  exec("prepare the session", session_settings(session_.of));
  exec("prepare the session", session_durability(session_.of));
}

// Fails on a unix socket, which needs none.
void connection::limit_socket() {
  const auto limit = session_.of == session::purpose::command ? unacknowledged_limit : unacknowledged_limit_of_daemons;
  ::setsockopt(PQsocket(handle_.get()), IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
}

void connection::connect(const std::string& url, const std::string& password) {
  if (start(url, password, {})) return;
  // With target_session_attrs=read-write libpq turns away a server that role, database or server's configuration set to
  // read only, before session_settings() can override that. A standby stays one.
  if (std::string_view{PQerrorMessage(handle_.get())}.find("session is read-only") != std::string_view::npos) {
    const auto refused = std::move(handle_);
    if (start(url, password, options_of(refused.get()) + " -c default_transaction_read_only=off")) return;
  }
  fail_to_connect();
}

// False where the handle tells why not.
bool connection::start(const std::string& url, const std::string& password, const std::string& options) {
  // What stands before dbname the url may override; what stands after overrides the url.
  std::vector<const char*> names{"application_name", "keepalives_idle", "keepalives_interval", "keepalives_count",
                                 "tcp_user_timeout", "dbname",          "client_encoding"};
  const bool daemon = session_.of != session::purpose::command;
  std::vector<const char*> values{session_.name.c_str(),
                                  daemon ? "3" : "30",
                                  daemon ? "1" : "10",
                                  daemon ? "4" : "3",
                                  unacknowledged_limit_connecting,
                                  url.c_str(),
                                  "UTF8"};
  if (daemon) {
    names.push_back("application_name");
    values.push_back(session_.name.c_str());
  }
  if (!password.empty()) {
    names.push_back("password");
    values.push_back(password.c_str());
  }
  if (!options.empty()) {
    names.push_back("options");
    values.push_back(options.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  handle_.reset(PQconnectStartParams(names.data(), values.data(), 1));
  if (!handle_) throw std::bad_alloc();
  PQsetErrorVerbosity(handle_.get(), PQERRORS_VERBOSE);  // for connect_failure(); nothing of it is shown
  limit_ = std::min(until_, steady_clock::now() + connect_limit);
  if (PQstatus(handle_.get()) == CONNECTION_BAD) return false;
  for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK; next = PQconnectPoll(handle_.get())) {
    if (next == PGRES_POLLING_FAILED) return false;
    wait(next == PGRES_POLLING_READING ? POLLIN : POLLOUT);
  }
  return true;
}

void connection::fail_to_connect() const {
  throw connect_failure(PQerrorMessage(handle_.get()), session_.of != session::purpose::command);
}

void connection::fail_lost() {
  // A server that ends a session says why before it goes, and that may be here already.
  if (PQstatus(handle_.get()) == CONNECTION_BAD) take_result();
  throw sql_error(operation_, {});
}

void connection::begin(const char* operation) {
  operation_ = operation;
  asked_at_ = steady_clock::now();
  told_next_ = long_wait_ ? asked_at_ + long_wait : time_point::max();
  limit_ = std::min(until_, patience_from(steady_clock::now(), session_.of));
}

bool connection::ready(short events, time_point at_latest, const stop_signal* interrupt) {
  std::array<pollfd, 3> watched{pollfd{PQsocket(handle_.get()), events, 0}, pollfd{stop_.descriptor(), POLLIN, 0},
                                pollfd{interrupt != nullptr ? interrupt->descriptor() : -1, POLLIN, 0}};
  int found = 0;
  do {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_latest - steady_clock::now()).count();
    const bool forever = at_latest == time_point::max();
    found = ::poll(watched.data(), watched.size(), forever ? -1 : static_cast<int>(std::max<long>(left, 0)));
  } while (found < 0 && errno == EINTR);
  if (watched[1].revents != 0) throw sql_error(operation_, {}, "interrupted because the program is stopping");
  return found > 0 && watched[2].revents == 0;
}

void connection::tell_long_wait() {
  const auto waited = std::chrono::floor<std::chrono::seconds>(steady_clock::now() - asked_at_);
  long_wait_(operation_, waited);
  told_next_ = steady_clock::now() + waited;
}

void connection::wait(short events) {
  while (told_next_ < limit_) {
    if (ready(events, told_next_, nullptr)) return;
    tell_long_wait();
  }
  if (!ready(events, limit_, nullptr)) throw sql_error(operation_, {}, "no answer in time");
}

bool connection::wait_for_notification(time_point at_latest, const stop_signal& interrupt) {
  begin("listen");
  for (bool heard = false;;) {
    while (auto* const notification = PQnotifies(handle_.get())) {
      PQfreemem(notification);
      heard = true;
    }
    if (heard) return true;
    if (!ready(POLLIN, at_latest, &interrupt)) return false;
    if (!consume()) fail_lost();
  }
}

bool connection::consume() {
  return PQconsumeInput(handle_.get()) != 0;
}

void connection::flush() {
  for (;;) {
    const int state = PQflush(handle_.get());
    if (state == 0) return;
    if (state < 0) fail_lost();
    wait(POLLIN | POLLOUT);  // the server may need to be read before it reads on
    if (!consume()) fail_lost();
  }
}

rows connection::take_result() {
  std::optional<rows> last;
  std::optional<std::string> failed;
  for (;;) {
    while (PQisBusy(handle_.get()) != 0) {
      wait(POLLIN);
      if (!consume()) break;  // what came before the end is still to be read
    }
    PGresult* const next = PQgetResult(handle_.get());
    if (next == nullptr) break;
    last.emplace(next);
    const auto status = PQresultStatus(next);
    if (status == PGRES_COPY_IN) return std::move(*last);
    const bool bad = status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE;
    if (bad && !failed) failed = last->sqlstate();
    if (PQstatus(handle_.get()) == CONNECTION_BAD) break;
  }
  const bool lost = PQstatus(handle_.get()) == CONNECTION_BAD || !last;
  if (lost && (!failed || !is_transient(*failed))) failed = "";
  if (failed) throw sql_error(operation_, *failed);
  return std::move(*last);
}

rows connection::exec(const char* operation, const std::string& sql, const std::vector<param>& params) {
  begin(operation);
  std::vector<const char*> values;
  for (const auto& p : params) {
    if (p && p->find('\0') != std::string::npos) throw std::logic_error("a parameter holds a NUL byte");
    values.push_back(p ? p->c_str() : nullptr);
  }
  if (PQsendQueryParams(handle_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(), nullptr,
                        nullptr, 0) == 0) {
    fail_lost();
  }
  flush();
  return take_result();
}

void connection::exec_script(const char* operation, const std::string& sql) {
  begin(operation);
  limit_ = until_;  // it may well take long
  if (PQsendQuery(handle_.get(), sql.c_str()) == 0) fail_lost();
  flush();
  take_result();
}

void connection::begin_copy(const char* operation, const std::string& sql) {
  exec(operation, sql);
}

void connection::put_copy(std::string_view text) {
  // Pieces, so that libpq's own buffer stays small.
  constexpr std::size_t piece = std::size_t{64} * 1024;
  while (!text.empty()) {
    const auto part = text.substr(0, piece);
    text.remove_prefix(part.size());
    begin(operation_);
    if (PQputCopyData(handle_.get(), part.data(), static_cast<int>(part.size())) != 1) fail_lost();
    flush();
  }
}

void connection::end_copy() {
  begin(operation_);
  if (PQputCopyEnd(handle_.get(), nullptr) != 1) fail_lost();
  flush();
  take_result();
}

}  // namespace ordersync::store
