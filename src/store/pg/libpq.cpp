#include "store/pg/libpq.hpp"

#include "store/pg/connect_failure.hpp"
#include "store/pg/connection_url.hpp"
#include "store/pg/watchdog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <new>
#include <poll.h>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace ordersync::store::pg {
namespace {

using std::chrono::steady_clock;

// All hosts together; each by itself gives up after unacknowledged_limit.
constexpr std::chrono::seconds connect_limit{10};
// While connecting it decides when the next host is tried, since libpq's connect_timeout is for its blocking calls
// alone; short, because stopping the program may have to wait for it. Afterwards a longer one: a network may fail for a
// moment.
constexpr const char* unacknowledged_limit_connecting = "3000";  // milliseconds
constexpr unsigned unacknowledged_limit = 30'000;
// A daemon's: a host that vanished is noticed in time to go on elsewhere within 10 s.
constexpr unsigned unacknowledged_limit_of_daemons = 7'000;

// What url, environment or service file say of the server's settings.
std::string options_of(PGconn* of) {
  auto* const all = PQconninfo(of);
  std::string found;
  for (auto* one = all; one != nullptr && one->keyword != nullptr; ++one)
    if (std::string_view{one->keyword} == "options" && one->val != nullptr) found = one->val;
  PQconninfoFree(all);
  return found;
}

sql_error no_answer_from(const PGconn* server) {
  return {"connect", {}, fmt::format("no answer in time from {}, port {}", PQhost(server), PQport(server))};
}

void ignore_notice(void* /*context*/, const PGresult* /*notice*/) {}

// Fails on a unix socket, which needs none.
void limit_socket(PGconn* of, session::purpose purpose) {
  const auto limit = purpose == session::purpose::command ? unacknowledged_limit : unacknowledged_limit_of_daemons;
  ::setsockopt(PQsocket(of), IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
}

}  // namespace

void libpq_handle::finish::operator()(PGconn* c) const noexcept {
  PQfinish(c);
}

libpq_handle::libpq_handle(const std::string& url, const std::string& password, const session& as,
                           const stop_signal& stop, time_point until) {
  const auto connected = [&](const std::string& options) {
    return start(url, password, as, options) && poll_until_connected(stop, until);
  };
  bool there = connected({});
  // With target_session_attrs=read-write libpq turns away a server that role, database or server's configuration set to
  // read only, before session_settings() can override that. A standby stays one.
  if (!there && std::string_view{PQerrorMessage(get())}.find("session is read-only") != std::string_view::npos) {
    const auto refused = std::move(handle_);
    there = connected(options_of(refused.get()) + " -c default_transaction_read_only=off");
  }
  if (!there) throw connect_failure(PQerrorMessage(get()), as.of != session::purpose::command);
  PQsetNoticeReceiver(get(), &ignore_notice, nullptr);
  PQsetErrorVerbosity(get(), PQERRORS_SQLSTATE);
  limit_socket(get(), as.of);
}

void libpq_handle::explain_errors(bool whether) noexcept {
  PQsetErrorVerbosity(get(), whether ? PQERRORS_VERBOSE : PQERRORS_SQLSTATE);
}

// False where the handle has the reason.
bool libpq_handle::start(const std::string& url, const std::string& password, const session& as,
                         const std::string& options) {
  // What stands before dbname the url may override; what stands after overrides the url.
  std::vector<const char*> names{"application_name", "keepalives_idle", "keepalives_interval", "keepalives_count",
                                 "tcp_user_timeout", "dbname",          "client_encoding"};
  const bool daemon = as.of != session::purpose::command;
  std::vector<const char*> values{as.name.c_str(),
                                  daemon ? "3" : "30",
                                  daemon ? "1" : "10",
                                  daemon ? "4" : "3",
                                  unacknowledged_limit_connecting,
                                  url.c_str(),
                                  "UTF8"};
  const auto add = [&](const char* name, const std::string& value) {
    names.push_back(name);
    values.push_back(value.c_str());
  };
  if (daemon) add("application_name", as.name);
  if (!password.empty()) add("password", password);
  if (!options.empty()) add("options", options);
  names.push_back(nullptr);
  values.push_back(nullptr);
  handle_.reset(PQconnectStartParams(names.data(), values.data(), 1));
  if (!handle_) throw std::bad_alloc();
  PQsetErrorVerbosity(get(), PQERRORS_VERBOSE);  // for connect_failure(); nothing of it is shown
  return PQstatus(get()) != CONNECTION_BAD;
}

bool libpq_handle::poll_until_connected(const stop_signal& stop, time_point until) {
  const auto limit = std::min(until, steady_clock::now() + connect_limit);
  for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK; next = PQconnectPoll(get())) {
    if (next == PGRES_POLLING_FAILED) return false;
    const short events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    const auto end = wait_for_socket(PQsocket(get()), events, limit, stop);
    if (end == wait_end::stopped) throw cut_short("connect");
    if (end == wait_end::late) throw no_answer_from(get());
  }
  return true;
}

int libpq_handle::socket() const noexcept {
  return PQsocket(get());
}
int libpq_handle::process() const noexcept {
  return PQbackendPID(get());
}
bool libpq_handle::lost() const noexcept {
  return PQstatus(get()) == CONNECTION_BAD;
}
std::string libpq_handle::sqlstate() const {
  return std::string{sqlstate_in(PQerrorMessage(get()))};
}

bool libpq_handle::put_copy(std::string_view bytes) {
  if (PQputCopyData(get(), bytes.data(), static_cast<int>(bytes.size())) == 1) return true;
  take_results();
  return false;
}

std::optional<std::int64_t> libpq_handle::end_copy() {
  if (PQputCopyEnd(get(), nullptr) != 1) return std::nullopt;
  return take_results();
}

// A server that ends a session says why before it goes, so everything that it sent is read.
std::optional<std::int64_t> libpq_handle::take_results() {
  bool good = !lost();
  std::int64_t rows = 0;
  while (PGresult* const next = PQgetResult(get())) {
    const auto status = PQresultStatus(next);
    const std::string_view written = PQcmdTuples(next);
    std::from_chars(written.data(), written.data() + written.size(), rows);
    PQclear(next);
    good = good && status == PGRES_COMMAND_OK;
    if (lost() || status == PGRES_COPY_IN) return std::nullopt;
  }
  return good ? std::optional{rows} : std::nullopt;
}

std::optional<std::map<std::string, std::string, std::less<>>> parse_connection_string(const std::string& text) {
  char* message = nullptr;  // may quote the text, so nobody sees it
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> parsed{PQconninfoParse(text.c_str(), &message),
                                                                              &PQconninfoFree};
  if (message != nullptr) PQfreemem(message);
  if (!parsed) return std::nullopt;
  std::map<std::string, std::string, std::less<>> given;
  for (const auto* option = parsed.get(); option->keyword != nullptr; ++option)
    if (option->val != nullptr) given[option->keyword] = option->val;
  return given;
}

// Values are looked at when a connection begins: here one to a socket that is not there. A password keeps libpq from
// looking for one.
std::string libpq_objection(const std::string& text) {
  const std::array names{"dbname", "host", "hostaddr", "port", "password", static_cast<const char*>(nullptr)};
  const std::array values{text.c_str(), "/nonexistent", "", "", "none", static_cast<const char*>(nullptr)};
  const std::unique_ptr<PGconn, void (*)(PGconn*)> tried{PQconnectStartParams(names.data(), values.data(), 1),
                                                         &PQfinish};
  if (!tried) throw std::bad_alloc();
  const std::string_view said = PQerrorMessage(tried.get());
  if (said.starts_with("definition of service ") || said.starts_with("service file "))
    return "its service, or that of PGSERVICE, is not in libpq's service file";
  return std::string{said.starts_with("invalid ") ? said.substr(0, said.find_first_of(":\n")) : ""};
}

// From version 10 on: the major version, and four digits of the minor one.
std::string libpq_version() {
  return fmt::format("{}.{}", PQlibVersion() / 10000, PQlibVersion() % 10000);
}

}  // namespace ordersync::store::pg
