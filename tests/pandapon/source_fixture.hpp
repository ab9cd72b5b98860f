#pragma once
// A source that talks to a scripted server over real TLS, with a clock and randomness that stand still.

#include "core/log.hpp"
#include "pandapon/source.hpp"
#include "pandapon/tls_server.hpp"
#include "support/recorded_log.hpp"
#include "support/temp_dir.hpp"
#include "support/tls_certificates.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::pandapon {

inline constexpr std::string_view empty_page = R"({"total":0,"data":[],"code":200})";

class source_test : public ::testing::Test {
 protected:
  using outcome = core::result<sync::page>;
  using script = test_support::tls_server::script;
  static constexpr auto soon = std::chrono::milliseconds{300};
  static constexpr auto ample = std::chrono::seconds{20};

  void serve(script run) { serve_as(certificates.good(), std::move(run)); }
  void serve_as(const test_support::server_credentials& credentials, script run) {
    server.emplace(credentials, std::move(run));
    settings.base_url = {"127.0.0.1", server->port()};
  }
  // Every request is answered with this, on connections that are kept.
  void serve_always(std::string reply) {
    serve([reply = std::move(reply), this](test_support::tls_session& session) {
      for (auto received = session.read_request(); !received.empty(); received = session.read_request()) {
        remember(received);
        if (!session.write(reply)) return;
      }
    });
  }

  void make_source() {
    source_ports ports;
    ports.credentials_now = [this] { return who; };
    ports.now = [this] { return now; };
    ports.observed_now = [this] { return observed_now.value_or(now); };
    ports.random = [] { return std::uint64_t{0}; };
    ports.log = &log;
    if (settings.ca_file.empty()) settings.ca_file = certificates.ca_file().string();
    source = make_order_source(io.get_executor(), settings, std::move(ports)).value();
  }

  // Starts a call; the outcome is there once the I/O has run.
  std::shared_ptr<std::optional<outcome>> start(std::chrono::milliseconds allowed = ample) {
    if (!source) make_source();
    auto slot = std::make_shared<std::optional<outcome>>();
    const auto deadline = std::chrono::steady_clock::now() + allowed;
    boost::asio::co_spawn(io, source->fetch(request, deadline), [slot](const std::exception_ptr& failed, outcome made) {
      if (failed) std::rethrow_exception(failed);
      slot->emplace(std::move(made));
    });
    return slot;
  }
  void run() {
    io.restart();
    io.run();
  }
  outcome fetch(std::chrono::milliseconds allowed = ample) {
    const auto slot = start(allowed);
    run();
    return slot->value();
  }
  core::error fetch_failing(std::chrono::milliseconds allowed = ample) {
    const auto made = fetch(allowed);
    EXPECT_FALSE(made);
    return made ? core::error{core::failure::defect, "a page"} : made.error();
  }

  void remember(const std::string& text) {
    const std::lock_guard lock(mutex);
    requests.push_back(text);
  }
  std::size_t request_count() {
    const std::lock_guard lock(mutex);
    return requests.size();
  }

  test_support::temp_dir directory;
  test_support::tls_certificates certificates{directory.path()};
  test_support::recorded_log log;
  credentials who{"canary-key", "canary-secret", "2100007341207"};
  core::instant now{std::chrono::milliseconds{1715669977082}};
  std::optional<core::instant> observed_now;  // where it is not `now`
  sync::page_request request{
      {core::second{std::chrono::seconds{1715046720}}, core::second{std::chrono::seconds{1715047200}}}, 1, 50};
  source_settings settings;
  boost::asio::io_context io;
  std::mutex mutex;
  std::vector<std::string> requests;
  std::optional<test_support::tls_server> server;
  std::unique_ptr<sync::order_source> source;
};

}  // namespace ordersync::pandapon
