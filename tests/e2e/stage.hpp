#pragma once
// The stage of an end-to-end test: the vendor's stand-in behind TLS, a database of its own, a configuration, and the
// built ordersync. Everything is a real process; everything ends with the stage.

#include "support/child_process.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_dir.hpp"
#include "support/tls_certificates.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::e2e {

using test_support::child_process;
using test_support::finished_process;

inline constexpr const char* access_key = "58c0201dfdf148eca63cbf6bb5e7cf03";
// Canaries: no log may ever show them.
inline constexpr const char* access_secret = "canary-secret-0123456789abcdef";

// "2026-05-01T00:00:00Z", as the simulator and sync.start take it.
std::string iso(std::chrono::system_clock::time_point at);

class stage {
 public:
  stage();

  // Starts pandapon-sim with these arguments besides address, certificate and credentials; waits until it listens.
  void start_simulator(std::vector<std::string> arguments);
  void stop_simulator();
  // As it was started last, on the same port.
  void restart_simulator();
  std::string simulator_url() const { return "https://127.0.0.1:" + port_; }
  // GET of a path of the simulator, into a file.
  std::filesystem::path download(const std::string& path);

  // POST of a body to a path of the simulator.
  void post(const std::string& path, const std::string& body);

  // Writes ordersync.yaml: the stage's addresses and secrets, sync.start 2024-05-01, a free port for the endpoint, and
  // whatever else is given, lines of YAML under `api`, `accounts` (whole accounts instead of the one called main),
  // `sync`, `service` and at the top.
  struct extra {
    std::string api;
    std::string accounts;
    std::string sync = "  rate: 10000\n";
    std::string top = "log: {level: warning}\n";
    std::string start = "2024-05-01";
    std::string service = "listen: 127.0.0.1:0";
  };
  void configure(const extra& lines);
  void configure() { configure(extra{}); }
  // From the next configure() and query on, instead of the shared cluster: where the daemon finds its database, and the
  // test the same as superuser.
  void use_database(std::string daemon_url, std::string superuser_url);

  // Runs ordersync with the stage's configuration to its end.
  finished_process run(std::vector<std::string> verb);
  child_process start(std::vector<std::string> verb);
  // migrate, or the test ends.
  void migrate();

  // One value, as psql prints it without decoration; several rows by line, several columns by '|'.
  std::string query(const std::string& sql);
  // Returns once the SQL condition holds; the test ends when it does not for a minute.
  void wait_until(const std::string& condition);
  // The same for a script of psql.
  std::string query_file(const std::filesystem::path& script);

  std::filesystem::path file(const std::string& name) const { return directory_.path() / name; }
  const test_support::temp_dir& directory() const { return directory_; }
  const test_support::tls_certificates& certificates() const { return certificates_; }
  // Serve this certificate from the next start_simulator on.
  void use_certificate(test_support::server_credentials c) { server_ = std::move(c); }

  const std::string& database() const { return database_; }  // its name
  const std::string& daemon_url() const { return daemon_url_; }
  const std::string& superuser_url() const { return superuser_url_; }

  static std::filesystem::path ordersync();
  static std::filesystem::path simulator();
  static std::filesystem::path source(const std::string& path);

 private:
  std::vector<std::string> command(std::vector<std::string> verb) const;
  void launch_simulator(const std::string& listen);
  std::string psql(const std::string& option, const std::string& value);

  test_support::temp_dir directory_;
  test_support::tls_certificates certificates_;
  test_support::server_credentials server_;
  std::string database_, daemon_url_, superuser_url_;
  std::string port_ = "1";
  std::vector<std::string> simulator_arguments_;
  std::optional<child_process> simulator_;
};

}  // namespace ordersync::e2e
