#include "e2e/life_processes.hpp"

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <csignal>
#include <stdexcept>
#include <thread>
#include <utility>

namespace ordersync::e2e {

namespace {

using namespace std::chrono_literals;
using test_support::postgres_cluster;
using test_support::shared_cluster;

// Between two looks: short beside what is waited for, long beside what a look costs.
constexpr auto look_every = 100ms;
// A daemon that gets SIGTERM has five seconds by contract; a loaded machine gets more.
constexpr auto end_within = 20s;

std::string value_of(const std::string& url, const std::string& sql) {
  pqxx::connection connection{url};
  return pqxx::nontransaction{connection}.exec(sql).at(0).at(0).c_str();
}

std::string both(const postgres_cluster& a, const postgres_cluster& b, const std::string& database,
                 const std::string& role) {
  return fmt::format("postgresql://{}@/{}?host={},{}&target_session_attrs=read-write", role, database,
                     a.socket_directory().string(), b.socket_directory().string());
}

}  // namespace

std::int64_t now_ms() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
}

std::string sql_time(std::int64_t epoch_ms) {
  return fmt::format("to_timestamp({}/1000.0)", epoch_ms);
}

life_processes::life_processes(stage& on)
    : on_(on),
      replica_(shared_cluster().make_replica()),
      url_(both(shared_cluster(), *replica_, on.database(), "postgres")) {
  on_.use_database(both(shared_cluster(), *replica_, on.database(), "ordersync"), url_);
}

void life_processes::start_daemon() {
  auto& daemon = daemons_.emplace_back(on_.start({"run"}));
  if (!daemon.wait_for_stderr("daemon_started")) throw std::runtime_error("a daemon did not start: " + daemon.err());
}

void life_processes::kill_leader() {
  const auto pid = std::stol(ask("select pid from ordersync.leader"));
  for (auto& daemon : daemons_) {
    if (daemon.pid() != pid) continue;
    daemon.signal(SIGKILL);
    if (!daemon.wait()) throw std::runtime_error("the leader was killed and still runs");
    return;
  }
  throw std::runtime_error("whoever leads is none of the daemons");
}

std::string life_processes::stop_daemons() {
  for (auto& daemon : daemons_) daemon.signal(SIGTERM);
  std::string wrong;
  for (auto& daemon : daemons_) {
    const auto status = daemon.wait(end_within);
    const bool killed_before = status && status->signal == SIGKILL;
    if (!status || (!killed_before && status->code != 0))
      wrong +=
          fmt::format("process {} {}\n", daemon.pid(),
                      !status ? std::string{"did not end"} : fmt::format("ended with {}", status->code.value_or(-1)));
  }
  return wrong;
}

std::string life_processes::logs() const {
  std::string all;
  for (const auto& daemon : daemons_) all += fmt::format("--- process {}\n{}", daemon.pid(), daemon.err());
  return all;
}

std::string life_processes::ask(const std::string& sql) const {
  return value_of(url_, sql);
}

std::string life_processes::ask_replica(const std::string& sql) const {
  return value_of(replica_->superuser_url(on_.database()), sql);
}

std::int64_t life_processes::await(const std::string& what, const std::function<bool()>& is_so,
                                   std::chrono::seconds limit) const {
  const auto begun = std::chrono::steady_clock::now();
  std::string problem;
  for (;;) {
    try {
      if (is_so()) break;
      problem.clear();
    } catch (const std::exception& why) {
      problem = fmt::format(" ({})", why.what());
    }
    if (std::chrono::steady_clock::now() - begun > limit)
      throw std::runtime_error(fmt::format("it did not come about in {} s: {}{}", limit.count(), what, problem));
    std::this_thread::sleep_for(look_every);
  }
  const auto took = std::chrono::steady_clock::now() - begun;
  return std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
}

std::int64_t life_processes::await(const std::string& condition) const {
  return await(condition, [&] { return holds(condition); });
}

}  // namespace ordersync::e2e
