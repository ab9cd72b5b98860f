#pragma once
// A source of details that talks to a server over real TLS, with a clock that stands still unless a test moves it.

#include "pandapon/detail_source.hpp"
#include "support/recorded_log.hpp"
#include "support/temp_dir.hpp"
#include "support/tls_certificates.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace ordersync::pandapon {

class detail_fixture : public ::testing::Test {
 protected:
  static constexpr auto ample = std::chrono::seconds{60};

  void make_source() {
    source_ports ports;
    ports.credentials_now = [this] { return who; };
    ports.now = [this] { return clock(); };
    ports.observed_now = [this] { return clock(); };
    ports.random = [this] { return ++randomness; };
    ports.log = &log;
    settings.ca_file = certificates.ca_file().string();
    source = make_detail_source(io.get_executor(), settings, {}, std::move(ports)).value();
  }

  core::result<core::order_detail> read_detail(const std::string& tb_order_id,
                                               std::chrono::milliseconds allowed = ample) {
    if (!source) make_source();
    return run(source->read_detail(tb_order_id, std::chrono::steady_clock::now() + allowed, received));
  }
  core::result<core::refund_info> read_refund(const std::string& refund_id, std::chrono::milliseconds allowed = ample) {
    if (!source) make_source();
    return run(source->read_refund(refund_id, std::chrono::steady_clock::now() + allowed, received));
  }

  test_support::temp_dir directory;
  test_support::tls_certificates certificates{directory.path()};
  test_support::recorded_log log;
  credentials who{"canary-key", "canary-secret", "2100007341207"};
  std::function<core::instant()> clock = [] { return core::instant{std::chrono::milliseconds{1715669977082}}; };
  std::function<void()> received;
  std::uint64_t randomness = 0;
  source_settings settings;
  boost::asio::io_context io;
  std::unique_ptr<sync::detail_source> source;

 private:
  template <class Content>
  core::result<Content> run(boost::asio::awaitable<core::result<Content>> call) {
    std::optional<core::result<Content>> made;
    boost::asio::co_spawn(io, std::move(call),
                          [&made](const std::exception_ptr& failed, core::result<Content> outcome) {
                            if (failed) std::rethrow_exception(failed);
                            made.emplace(std::move(outcome));
                          });
    io.restart();
    io.run();
    return std::move(made).value();
  }
};

}  // namespace ordersync::pandapon
