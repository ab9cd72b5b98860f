// How long a connection is kept, and where the next one goes.
#include "pandapon/http/https_client.hpp"

#include "pandapon/http/tls.hpp"
#include "pandapon/source_fixture.hpp"

#include <atomic>

namespace ordersync::pandapon::http {
namespace {

using namespace std::chrono_literals;
using test_support::http_ok;
using test_support::tls_server;
using test_support::tls_session;

class https_client_test : public ::testing::Test {
 protected:
  static void answer_always(tls_session& session) {
    while (!session.read_request().empty() && session.write(http_ok(empty_page))) {
    }
  }

  // The name means whichever server `current` is at that moment.
  void make_client(std::chrono::steady_clock::duration life) {
    https_settings settings{.address = {.host = "localhost"},
                            .max_body = 1000,
                            .tls = make_tls_context(certificates.ca_file().string()).value(),
                            .connection_life = life,
                            .kept = shared};
    settings.look_up = [this](const std::string&, std::uint16_t) {
      ++look_ups;
      const auto here = boost::asio::ip::make_address("127.0.0.1");
      return host_answer{0, {{here, current.load()->port()}}};
    };
    client = std::make_shared<https_client>(io.get_executor(), std::move(settings), log);
  }

  unsigned ask() {
    unsigned status = 0;
    boost::asio::co_spawn(io, client->post("/", {}, "{}", std::chrono::steady_clock::now() + 20s),
                          [&](const std::exception_ptr& failed, const core::result<http_reply>& reply) {
                            EXPECT_FALSE(failed);
                            if (reply) status = reply->status;
                          });
    io.restart();
    io.run();
    return status;
  }

  test_support::temp_dir directory;
  test_support::tls_certificates certificates{directory.path()};
  test_support::recorded_log log;
  tls_server before{certificates.good(), answer_always};
  tls_server after{certificates.good(), answer_always};
  std::atomic<tls_server*> current = &before;
  std::atomic<int> look_ups = 0;
  boost::asio::io_context io;
  std::shared_ptr<kept_connections> shared;  // with the clients that are made while it is set
  std::shared_ptr<https_client> client;
};

TEST_F(https_client_test, clients_share_what_is_kept_and_the_end_of_one_is_not_that_of_the_others) {
  shared = std::make_shared<kept_connections>(1h);
  make_client(1h);
  const auto first = client;
  EXPECT_EQ(ask(), 200U);
  make_client(1h);
  EXPECT_EQ(ask(), 200U);
  EXPECT_EQ(before.connections(), 1);
  client->close();
  EXPECT_EQ(ask(), 0U);
  client = first;
  EXPECT_EQ(ask(), 200U);
  EXPECT_EQ(before.connections(), 1);
}

TEST_F(https_client_test, what_is_kept_ends_with_the_last_client_that_shares_it) {
  shared_connections all;
  shared = all.kept(1h);
  make_client(1h);
  EXPECT_EQ(all.kept(1h), shared);
  const std::weak_ptr<kept_connections> seen = std::exchange(shared, nullptr);
  EXPECT_EQ(ask(), 200U);
  EXPECT_FALSE(seen.expired());
  client->close();
  EXPECT_TRUE(seen.expired());
}

TEST_F(https_client_test, trusted_certificates_are_read_once_for_all) {
  shared_connections all;
  const auto file = certificates.ca_file().string();
  const auto first = all.tls(file);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(*first, *all.tls(file));
  EXPECT_TRUE(shared_connections{}.tls((directory.path() / "nothing.pem").string()).has_error());
}

TEST_F(https_client_test, a_young_connection_is_kept_wherever_the_name_points) {
  make_client(1h);
  EXPECT_EQ(ask(), 200U);
  current = &after;
  EXPECT_EQ(ask(), 200U);
  EXPECT_EQ(before.connections(), 1);
  EXPECT_EQ(after.connections(), 0);
  EXPECT_EQ(look_ups, 1);
}

TEST_F(https_client_test, after_its_life_nothing_is_asked_of_the_old_address) {
  make_client(1h);
  EXPECT_EQ(ask(), 200U);
  make_client(0h);
  EXPECT_EQ(ask(), 200U);
  EXPECT_EQ(before.connections(), 2);
  current = &after;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(), 200U);
  EXPECT_EQ(before.connections(), 2);
  EXPECT_EQ(after.connections(), 3);
}

TEST_F(https_client_test, a_kept_connection_gets_too_old_while_it_waits) {
  make_client(200ms);
  EXPECT_EQ(ask(), 200U);
  current = &after;
  std::this_thread::sleep_for(201ms);
  EXPECT_EQ(ask(), 200U);
  EXPECT_EQ(before.connections(), 1);
  EXPECT_EQ(after.connections(), 1);
}

TEST_F(https_client_test, five_minutes_is_what_the_program_uses) {
  EXPECT_EQ(https_settings{}.connection_life, 5min);
}

}  // namespace
}  // namespace ordersync::pandapon::http
