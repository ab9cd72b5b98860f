// A private PostgreSQL cluster for the tests of one program: made when first asked for, gone when the program ends.
//
// PostgreSQL refuses to run as root, so under root its programs run as the user `postgres` of Debian's package. It
// listens on a unix socket in its own directory alone. fsync is off: what a crash of PostgreSQL leaves is intact, what
// a crash of the machine leaves is not, and no test looks at that.
//
// A replica of it is a cluster too, in a directory of its own.
//
// Hazards. It dies with the THREAD that started it, so ask for it from the test's main thread. A watchdog removes the
// directory if the test program is killed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace ordersync::test_support {

class postgres_cluster {
 public:
  // Runs initdb (about a second) and starts the server. Throws std::runtime_error with the server's own words.
  postgres_cluster() : postgres_cluster("") {}
  // With these lines in postgresql.conf as well.
  explicit postgres_cluster(const std::string& settings);
  ~postgres_cluster();
  postgres_cluster(const postgres_cluster&) = delete;
  postgres_cluster& operator=(const postgres_cluster&) = delete;

  // A streaming replica of this cluster with all its databases, started; pg_basebackup takes a second or so. It is
  // asynchronous: what this cluster commits may not be there yet. Throws as the constructor does.
  std::unique_ptr<postgres_cluster> make_replica();
  // Of a replica. Cut off, it stays as it is, whatever its origin does: returns once nothing more arrives.
  void cut_off();
  // Of a replica: it follows no more and takes writes, when this returns.
  void promote();

  // Makes an empty database of a name never used before in this cluster, owned by `ordersync`, and returns the name.
  std::string create_database();

  // What a daemon would have: the role `ordersync` may log in, owns the database and may create roles, no more.
  [[nodiscard]] std::string connection_url(std::string_view database, std::string_view role = "ordersync") const;
  // The superuser, for what a test must arrange or look at from outside.
  [[nodiscard]] std::string superuser_url(std::string_view database) const;
  // Both at once, for the usual case.
  std::string fresh_database_url() { return connection_url(create_database()); }

  void start();             // after one of the stops; returns when connections are accepted
  void stop();              // as an administrator would: open transactions are rolled back, sessions ended
  void stop_immediately();  // as a crash would; start() then recovers from the write-ahead log
  void restart();           // stop() and start()

  [[nodiscard]] std::filesystem::path socket_directory() const;
  // Where initdb, postgres and psql are: in the directory that TEST_POSTGRES names, else the newest version
  // under /usr/lib/postgresql.
  static std::filesystem::path program(const std::string& name);

 private:
  struct state;
  explicit postgres_cluster(std::unique_ptr<state> replica);
  std::unique_ptr<state> state_;
};

// The one cluster of this test program, started by the first call.
postgres_cluster& shared_cluster();

}  // namespace ordersync::test_support
