#include "support/postgres_cluster.hpp"

#include "support/child_process.hpp"
#include "support/temp_dir.hpp"

#include <pqxx/pqxx>

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <pwd.h>
#include <signal.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace ordersync::test_support {
namespace {

namespace fs = std::filesystem;

// The user that PostgreSQL's programs run as: none needed unless this is root.
std::optional<std::string> unprivileged_user() {
  if (::geteuid() != 0) return std::nullopt;
  return "postgres";
}

child_options as_unprivileged(std::vector<std::string> argv, const fs::path& directory) {
  child_options options;
  options.argv = std::move(argv);
  options.env = {{"LC_ALL", "C.UTF-8"}};  // the server's words are looked for, so they are to be English
  options.user = unprivileged_user();
  options.directory = directory;
  return options;
}

void give_to(const std::optional<std::string>& user, const fs::path& directory) {
  if (!user) return;
  const auto* entry = ::getpwnam(user->c_str());
  if (entry == nullptr) throw std::runtime_error{"there is no user '" + *user + "'; run ./dev deps"};
  if (::chown(directory.c_str(), entry->pw_uid, entry->pw_gid) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot give " + directory.string() + " to " + *user);
  }
}

// Waits, in a process of its own, until this program is gone however it ended, and then removes what it left.
class watchdog {
 public:
  explicit watchdog(const fs::path& directory) : directory_{directory.string()} {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    const pid_t pid = ::fork();
    if (pid == 0) watch(ends[0], ends[1]);
    ::close(ends[0]);
    alive_ = ends[1];
    pid_ = pid;
  }
  ~watchdog() {
    ::close(alive_);
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  }
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;

 private:
  [[noreturn]] void watch(int read_end, int write_end) const {
    // postgres itself is stopped by its death signal; it drops its pid file last, and then the directory can go.
    static constexpr const char* script =
        "exec >/dev/null 2>&1; cat\n"
        "tries=0\n"
        "while [ -e \"$0/data/postmaster.pid\" ] && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries+1)); done\n"
        "rm -rf \"$0\"\n";
    ::setsid();  // a Ctrl-C at the terminal is not for it
    ::close(write_end);
    ::dup2(read_end, 0);
    ::execl("/bin/sh", "sh", "-c", script, directory_.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }

  std::string directory_;
  int alive_ = -1;
  pid_t pid_ = -1;
};

}  // namespace

struct postgres_cluster::state {
  temp_dir directory;
  watchdog cleaner{directory.path()};
  std::optional<child_process> server;
  int databases = 0;

  [[nodiscard]] fs::path data() const { return directory.path() / "data"; }
  void make(const std::string& more_settings) const;
  void copy_from(const fs::path& origin) const;
  void start();
  void stop(int signal_number);
};

void postgres_cluster::state::make(const std::string& more_settings) const {
  give_to(unprivileged_user(), directory.path());
  const auto made =
      run_process(as_unprivileged({program("initdb"), "--pgdata=" + data().string(), "--username=postgres",
                                   "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"},
                                  directory.path()));
  if (made.status.code != 0) throw std::runtime_error{"initdb failed: " + made.err};
  std::ofstream settings{data() / "postgresql.auto.conf", std::ios::app};
  settings << "listen_addresses = ''\n"
           << "unix_socket_directories = '" << directory.path().string() << "'\n"
           << "fsync = off\nfull_page_writes = off\nmax_connections = 150\nshared_buffers = 64MB\n"
           << "autovacuum = off\n"  // so that no test meets it by chance
           << "log_min_messages = warning\n"
           << more_settings;
}

void postgres_cluster::state::copy_from(const fs::path& origin) const {
  give_to(unprivileged_user(), directory.path());
  const auto copied = run_process(as_unprivileged(
      {postgres_cluster::program("pg_basebackup"), "--pgdata=" + data().string(), "--host=" + origin.string(),
       "--username=postgres", "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"},
      directory.path()));
  if (copied.status.code != 0) throw std::runtime_error{"pg_basebackup failed: " + copied.err};
  std::ofstream settings{data() / "postgresql.auto.conf", std::ios::app};
  settings << "unix_socket_directories = '" << directory.path().string() << "'\n"
           << "wal_retrieve_retry_interval = 200ms\n";  // how soon it is back after a restart of its origin
}

void postgres_cluster::state::start() {
  if (server) return;
  auto options = as_unprivileged({program("postgres"), "-D", data().string()}, directory.path());
  options.death_signal = SIGQUIT;  // its immediate shutdown
  server.emplace(options);
  if (!server->wait_for_stderr("ready to accept")) {  // "connections", or "read-only connections" of a replica
    const auto said = server->err();
    server.reset();
    throw std::runtime_error{"PostgreSQL did not start: " + said};
  }
}

void postgres_cluster::state::stop(int signal_number) {
  if (!server) return;
  server->signal(signal_number);
  server->wait();
  server.reset();
}

postgres_cluster::postgres_cluster(const std::string& settings) : state_{std::make_unique<state>()} {
  state_->make(settings);
  state_->start();
  pqxx::connection connection{superuser_url("postgres")};
  pqxx::nontransaction{connection}.exec("CREATE ROLE ordersync LOGIN CREATEROLE");
}

postgres_cluster::postgres_cluster(std::unique_ptr<state> replica) : state_{std::move(replica)} {}

std::unique_ptr<postgres_cluster> postgres_cluster::make_replica() {
  auto copy = std::make_unique<state>();
  copy->copy_from(socket_directory());
  copy->start();
  return std::unique_ptr<postgres_cluster>{new postgres_cluster{std::move(copy)}};
}

void postgres_cluster::cut_off() {
  pqxx::connection connection{superuser_url("postgres")};
  pqxx::nontransaction work{connection};
  work.exec("ALTER SYSTEM SET primary_conninfo = ''");
  work.exec("SELECT pg_reload_conf()");
  // Sees the receiver end; bounded by the time limit of the test.
  work.exec(
      "DO $$ BEGIN WHILE EXISTS (SELECT FROM pg_stat_get_wal_receiver() WHERE pid IS NOT NULL) LOOP "
      "PERFORM pg_sleep(0.02); END LOOP; END $$");
}

void postgres_cluster::promote() {
  pqxx::connection connection{superuser_url("postgres")};
  const auto done = pqxx::nontransaction{connection}.exec("SELECT pg_promote()");
  if (!done.at(0).at(0).as<bool>()) throw std::runtime_error{"the replica could not be promoted"};
}

postgres_cluster::~postgres_cluster() {
  state_->stop(SIGQUIT);
}

std::string postgres_cluster::create_database() {
  auto name = "test_" + std::to_string(++state_->databases);
  pqxx::connection connection{superuser_url("postgres")};
  pqxx::nontransaction{connection}.exec("CREATE DATABASE " + name + " OWNER ordersync");
  return name;
}

std::string postgres_cluster::connection_url(std::string_view database, std::string_view role) const {
  return "postgresql://" + std::string{role} + "@/" + std::string{database} + "?host=" + socket_directory().string();
}

std::string postgres_cluster::superuser_url(std::string_view database) const {
  return connection_url(database, "postgres");
}

void postgres_cluster::start() {
  state_->start();
}
void postgres_cluster::stop() {
  state_->stop(SIGINT);
}
void postgres_cluster::stop_immediately() {
  state_->stop(SIGQUIT);
}

void postgres_cluster::restart() {
  stop();
  start();
}

fs::path postgres_cluster::socket_directory() const {
  return state_->directory.path();
}

fs::path postgres_cluster::program(const std::string& name) {
  if (const auto* chosen = std::getenv("TEST_POSTGRES"); chosen != nullptr) {
    if (const auto path = fs::path{chosen} / name; fs::exists(path)) return path;
  }
  const fs::path root{"/usr/lib/postgresql"};
  fs::path found;
  int newest = 0;
  if (fs::exists(root)) {
    for (const auto& version : fs::directory_iterator{root}) {
      const auto path = version.path() / "bin" / name;
      const int number = std::atoi(version.path().filename().c_str());
      if (number > newest && fs::exists(path)) {
        newest = number;
        found = path;
      }
    }
  }
  if (found.empty()) throw std::runtime_error{"no " + name + " under " + root.string() + "; run ./dev deps"};
  return found;
}

postgres_cluster& shared_cluster() {
  static postgres_cluster cluster;
  return cluster;
}

}  // namespace ordersync::test_support
