#include "e2e/stage.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace ordersync::e2e {

namespace fs = std::filesystem;
using test_support::run_process;
using test_support::shared_cluster;

std::string iso(std::chrono::system_clock::time_point at) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(at)));
}

fs::path stage::ordersync() {
  return fs::path{ORDERSYNC_BINARY_DIR} / "ordersync";
}
fs::path stage::simulator() {
  return fs::path{ORDERSYNC_BINARY_DIR} / "pandapon-sim";
}
fs::path stage::source(const std::string& path) {
  return fs::path{ORDERSYNC_SOURCE_DIR} / path;
}

stage::stage()
    : certificates_(directory_.path()),
      server_(certificates_.good()),
      database_(shared_cluster().create_database()),
      daemon_url_(shared_cluster().connection_url(database_)),
      superuser_url_(shared_cluster().superuser_url(database_)) {}

void stage::use_database(std::string daemon_url, std::string superuser_url) {
  daemon_url_ = std::move(daemon_url);
  superuser_url_ = std::move(superuser_url);
}

void stage::start_simulator(std::vector<std::string> arguments) {
  simulator_arguments_ = std::move(arguments);
  launch_simulator("127.0.0.1:0");
}

void stage::launch_simulator(const std::string& listen) {
  std::vector<std::string> argv{simulator().string(),
                                "--listen",
                                listen,
                                "--tls-cert",
                                server_.certificate_file.string(),
                                "--tls-key",
                                server_.key_file.string(),
                                "--access-key",
                                access_key,
                                "--access-secret",
                                access_secret};
  argv.insert(argv.end(), simulator_arguments_.begin(), simulator_arguments_.end());
  simulator_.emplace(test_support::child_options{.argv = argv});
  const auto line = simulator_->wait_for_stdout("listening on ");
  if (!line) throw std::runtime_error("the simulator does not listen: " + simulator_->err());
  port_ = line->substr(line->rfind(':') + 1);
}

void stage::stop_simulator() {
  simulator_.reset();
}

void stage::restart_simulator() {
  simulator_.reset();
  launch_simulator("127.0.0.1:" + port_);
}

fs::path stage::download(const std::string& path) {
  const auto target = file("download");
  const auto done =
      run_process({.argv = {"curl", "--silent", "--show-error", "--fail", "--cacert", certificates_.ca_file().string(),
                            "--output", target.string(), simulator_url() + path}});
  if (done.status.code != 0) throw std::runtime_error("cannot download " + path + ": " + done.err);
  return target;
}

void stage::post(const std::string& path, const std::string& body) {
  const auto done = run_process({.argv = {"curl", "--silent", "--show-error", "--fail", "--cacert",
                                          certificates_.ca_file().string(), "--data", body, simulator_url() + path}});
  if (done.status.code != 0) throw std::runtime_error("cannot post to " + path + ": " + done.err);
}

void stage::configure(const extra& lines) {
  const auto secret = directory_.write("access-secret", access_secret);
  const auto accounts =
      lines.accounts.empty()
          ? fmt::format(
                "  - name: main\n    access_key: {}\n    access_secret_file: {}\n    user_id: \"2100007341207\"\n",
                access_key, secret.string())
          : lines.accounts;
  directory_.write(
      "ordersync.yaml",
      fmt::format("api:\n  base_url: {}\n  ca_file: {}\n{}accounts:\n{}database:\n  url: {}\nsync:\n  start: {}\n{}"
                  "service: {{{}}}\n{}",
                  simulator_url(), certificates_.ca_file().string(), lines.api, accounts, daemon_url_, lines.start,
                  lines.sync, lines.service, lines.top));
}

std::vector<std::string> stage::command(std::vector<std::string> verb) const {
  std::vector<std::string> argv{ordersync().string(), "--config", file("ordersync.yaml").string()};
  argv.insert(argv.end(), verb.begin(), verb.end());
  return argv;
}

finished_process stage::run(std::vector<std::string> verb) {
  return run_process({.argv = command(std::move(verb))}, std::chrono::minutes{5});
}

child_process stage::start(std::vector<std::string> verb) {
  return child_process({.argv = command(std::move(verb))});
}

void stage::migrate() {
  const auto done = run({"migrate"});
  if (done.status.code != 0) throw std::runtime_error("migrate failed: " + done.err);
}

std::string stage::query(const std::string& sql) {
  return psql("--command", sql);
}

// A transaction sees pg_stat_activity as it was at its first look, unless it clears that.
void stage::wait_until(const std::string& condition) {
  query(
      fmt::format("DO $$ BEGIN FOR i IN 1..3600 LOOP IF ({}) THEN RETURN; END IF; PERFORM pg_stat_clear_snapshot(), "
                  "pg_sleep(0.05); END LOOP; "
                  "RAISE EXCEPTION 'it never came true'; END $$",
                  condition));
}

std::string stage::query_file(const fs::path& script) {
  return psql("--file", script.string());
}

std::string stage::psql(const std::string& option, const std::string& value) {
  const auto done =
      run_process({.argv = {test_support::postgres_cluster::program("psql").string(), "--no-psqlrc", "--quiet",
                            "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", option, value, superuser_url_}},
                  std::chrono::minutes{5});
  if (done.status.code != 0) throw std::runtime_error("psql: " + done.err);
  auto text = done.out;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace ordersync::e2e
