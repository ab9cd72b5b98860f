// The vendor's messages over real sockets, against a real database.
#include "app/http/push_listener.hpp"

#include "app/listed_api.hpp"
#include "store/store_fixture.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <thread>

namespace ordersync::app::http {
namespace {

using boost::asio::ip::tcp;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

constexpr std::string_view secret = "a secret of thirty-two characters";
const std::string message = R"({"messageType":"ORDER_PAY_SUCCESS","messageBody":"{\"orderId\":\"1\"}"})";
const std::string inner = R"({"orderId":"1"})";

std::string signature(std::string_view of, std::string_view by = secret) {
  return core::to_hex(core::hmac_sha256_of(by, of));
}

struct counted_refusals final : telemetry::observer {
  std::map<std::string, int, std::less<>> refused;
  void push_refused(std::string_view reason) noexcept override { ++refused[std::string{reason}]; }
};

struct push_listener_test : store_test::store_test {
  boost::asio::io_context io;
  setup::configuration from = testing::configuration_of(core::second{});
  counted_refusals observed;
  int stored = 0;
  std::optional<push_listener> listener;
  std::thread thread;
  std::string opened;

  void SetUp() override {
    store_test::SetUp();
    from.secrets.access_secrets.at(0) = config::secret{std::vector<char>(secret.begin(), secret.end())};
    from.settings.push = {config::listen_address{"127.0.0.1", 0}, "/push"};
    from.settings.database.url = settings_for().url;
  }
  void TearDown() override {
    if (thread.joinable()) {
      on_loop([&] { listener->close(); });
      thread.join();
    }
    listener.reset();
    store_.reset();
    store_test::TearDown();
  }
  // By default as long as a slow machine may need; what is about being late says how late.
  void open(std::chrono::milliseconds answered_within = 1min) {
    listener.emplace(push_listener::dependencies{io.get_executor(),
                                                 {.id = "one", .host = "h", .pid = 1, .version = "1"},
                                                 observed,
                                                 log_,
                                                 [this] { ++stored; },
                                                 answered_within});
    const auto listening = listener->open(from);
    ASSERT_TRUE(listening.has_value()) << listening.error().what;
    opened = listener->address();
    thread = std::thread([this] { io.run(); });
  }
  void on_loop(const std::function<void()>& what) {
    std::promise<void> done;
    boost::asio::post(io, [&] {
      what();
      done.set_value();
    });
    done.get_future().get();
  }

  tcp::socket connect(boost::asio::io_context& on) const {
    tcp::socket socket(on);
    const auto port = static_cast<std::uint16_t>(std::stoi(opened.substr(opened.rfind(':') + 1)));
    socket.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    return socket;
  }
  // Everything that comes back until the end.
  std::string exchange(const std::string& bytes) const {
    boost::asio::io_context on;
    auto socket = connect(on);
    boost::system::error_code ended;
    boost::asio::write(socket, boost::asio::buffer(bytes), ended);
    std::string answer;
    boost::asio::read(socket, boost::asio::dynamic_buffer(answer), ended);
    return answer;
  }
  static std::string request(const std::string& body, const std::string& header, const std::string& target = "/push",
                             const std::string& method = "POST") {
    return fmt::format("{} {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{}{}\r\n{}", method, target,
                       header.empty() ? "" : "Authorization: " + header + "\r\n",
                       body.empty() ? "" : fmt::format("Content-Length: {}\r\n", body.size()), "") +
           body;
  }
  std::string post(const std::string& body, const std::string& header = {}) const {
    return exchange(request(body, header));
  }
  std::string rows() { return value("SELECT count(*) FROM ordersync.push_messages"); }
};

TEST_F(push_listener_test, stores_a_signed_message_before_it_answers) {
  open();
  EXPECT_THAT(post(message, signature(message)), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(table("SELECT account, type, order_id, outcome FROM ordersync.push_messages"),
            "main,ORDER_PAY_SUCCESS,1,waiting");
  EXPECT_THAT(post(message, signature(inner)), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(rows(), "2");
  on_loop([&] { EXPECT_EQ(stored, 2); });
}

TEST_F(push_listener_test, refuses_a_message_with_a_wrong_signature_or_none) {
  open();
  for (const auto& header : {std::string{}, signature(message, "another secret"), std::string{"Bearer x"}})
    EXPECT_THAT(post(message, header), StartsWith("HTTP/1.1 401 "));
  EXPECT_EQ(rows(), "0");
  on_loop([&] { EXPECT_EQ(observed.refused["signature"], 3); });
  EXPECT_EQ(log_.count("push_signature_refused"), 1) << "not each of a flood";
}

TEST_F(push_listener_test, answers_200_to_what_is_no_order_message_and_does_nothing) {
  open();
  for (const auto* body : {"ping", "{}", R"({"verify":"1"})"}) EXPECT_THAT(post(body), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(exchange(request("", "", "/push", "POST")), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(exchange(request("", "", "/push", "GET")), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(rows(), "0");
}

TEST_F(push_listener_test, serves_its_path_only_and_bounds_what_it_reads) {
  open();
  EXPECT_THAT(exchange(request(message, signature(message), "/other")), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(exchange(request(message, signature(message), "/push", "PUT")), StartsWith("HTTP/1.1 4"));
  EXPECT_THAT(post(std::string(65'537, ' ')), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(post("{\"a\":" + std::string(100, '[')), StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(rows(), "0");
}

TEST_F(push_listener_test, asks_to_send_again_while_the_database_hangs_and_stores_what_it_has_taken) {
  open(900ms);
  superuser_->begin(store::pg::access::write);
  execute("LOCK TABLE ordersync.push_messages");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THAT(post(message, signature(message)), StartsWith("HTTP/1.1 503 "));
  EXPECT_GE(std::chrono::steady_clock::now() - began, 900ms) << "it had its chance";
  superuser_->commit();
  wait_until("SELECT count(*) = 1 FROM ordersync.push_messages");
  // As the vendor does, who has no other way to know that the database answers in time again.
  std::string answer;
  for (int tries = 0; tries < 20 && !answer.starts_with("HTTP/1.1 200 "); ++tries)
    answer = post(message, signature(message));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
}

TEST_F(push_listener_test, asks_to_send_again_while_there_is_no_database) {
  from.settings.database.url = "postgresql://ordersync@127.0.0.1:1/ordersync";
  open(900ms);
  EXPECT_THAT(post(message, signature(message)), StartsWith("HTTP/1.1 503 "));
  on_loop([&] { EXPECT_EQ(observed.refused["database"], 1); });
}

TEST_F(push_listener_test, cuts_off_whoever_is_slow) {
  open();
  boost::asio::io_context on;
  auto socket = connect(on);
  boost::asio::write(socket, boost::asio::buffer(std::string{"POST /push HTTP/1.1\r\nHost: x\r\n"}));
  std::string answer;
  boost::system::error_code ended;
  boost::asio::read(socket, boost::asio::dynamic_buffer(answer), ended);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 408 "));
}

TEST_F(push_listener_test, bounds_the_rate_and_stores_every_message_that_it_answered_with_200) {
  open();
  // On one connection, without waiting for the answers: as fast as it can read.
  constexpr int sent = 6'000;
  boost::asio::io_context on;
  auto socket = connect(on);
  const auto one = fmt::format("POST /push HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nping");
  std::thread writer([&] {
    std::string all;
    for (int i = 0; i < sent; ++i) all += one;
    boost::system::error_code ended;
    boost::asio::write(socket, boost::asio::buffer(all), ended);
    socket.shutdown(tcp::socket::shutdown_send, ended);
  });
  std::string answers;
  boost::system::error_code ended;
  boost::asio::read(socket, boost::asio::dynamic_buffer(answers), ended);
  writer.join();
  int refused = 0;
  on_loop([&] { refused = observed.refused["rate"] + observed.refused["other"]; });
  EXPECT_EQ(refused, sent);
  EXPECT_THAT(post(message, signature(message)), HasSubstr("HTTP/1.1 "));
}

TEST_F(push_listener_test, a_flood_of_unsigned_messages_is_refused_as_that_and_costs_signed_ones_nothing) {
  open();
  constexpr int sent = 3'000;
  boost::asio::io_context on;
  auto socket = connect(on);
  const auto one =
      fmt::format("POST /push HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{}", message.size(), message);
  std::thread writer([&] {
    std::string all;
    for (int i = 0; i < sent; ++i) all += one;
    boost::system::error_code ended;
    boost::asio::write(socket, boost::asio::buffer(all), ended);
    socket.shutdown(tcp::socket::shutdown_send, ended);
  });
  std::string answers;
  boost::system::error_code ended;
  boost::asio::read(socket, boost::asio::dynamic_buffer(answers), ended);
  writer.join();
  on_loop([&] { EXPECT_EQ(observed.refused["signature"], sent) << observed.refused["rate"] << " by the rate"; });
}

TEST_F(push_listener_test, another_path_cuts_nothing) {
  open();
  boost::asio::io_context on;
  auto socket = connect(on);
  from.settings.push.path = "/elsewhere";
  on_loop([&] { listener->reconfigure(from); });
  boost::asio::write(socket, boost::asio::buffer(request(message, signature(message), "/elsewhere")));
  std::string answer;
  boost::system::error_code ended;
  boost::asio::read(socket, boost::asio::dynamic_buffer(answer), ended);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(log_.count("push_listening"), 1);
}

TEST_F(push_listener_test, moves_to_another_address_with_the_same_port_or_back) {
  open();
  // Somebody else may take the port between two looks.
  int in_vain = 0;
  do {
    boost::asio::io_context on;
    from.settings.push.listen->host = "127.0.0.1";
    from.settings.push.listen->port =
        tcp::acceptor(on, {boost::asio::ip::make_address("127.0.0.1"), 0}).local_endpoint().port();
    on_loop([&] { listener->reconfigure(from); });
    from.settings.push.listen->host = "0.0.0.0";
    on_loop([&] { listener->reconfigure(from); });
  } while (!listener->address().starts_with("0.0.0.0:") && ++in_vain < 20);
  ASSERT_THAT(listener->address(), StartsWith("0.0.0.0:"));
  on_loop([&] { opened = listener->address(); });
  const auto refused = log_.count("push_not_moved");
  EXPECT_THAT(post(message, signature(message)), StartsWith("HTTP/1.1 200 "));
  from.settings.push.listen->host = "192.0.2.1";
  on_loop([&] { listener->reconfigure(from); });
  EXPECT_EQ(log_.count("push_not_moved"), refused + 1);
  EXPECT_THAT(listener->address(), StartsWith("0.0.0.0:"));
  EXPECT_THAT(post(message, signature(message)), StartsWith("HTTP/1.1 200 "));
}

TEST_F(push_listener_test, follows_a_reload) {
  open();
  from.settings.push.path = "/elsewhere";
  on_loop([&] {
    listener->reconfigure(from);
    opened = listener->address();
  });
  EXPECT_THAT(exchange(request(message, signature(message), "/elsewhere")), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(post(message, signature(message)), StartsWith("HTTP/1.1 404 "));
  from.settings.push = {config::listen_address{"192.0.2.1", 1}, "/push"};
  on_loop([&] { listener->reconfigure(from); });
  EXPECT_EQ(log_.count("push_not_moved"), 1);
  EXPECT_THAT(exchange(request(message, signature(message), "/elsewhere")), StartsWith("HTTP/1.1 200 "));
  from.settings.push.listen.reset();
  on_loop([&] {
    listener->reconfigure(from);
    EXPECT_EQ(listener->address(), "");
  });
}

TEST_F(push_listener_test, names_the_setting_of_an_address_that_it_cannot_have) {
  from.settings.push.listen = config::listen_address{"192.0.2.1", 1};
  push_listener one({.executor = io.get_executor(), .self = {}, .observers = observed, .log = log_, .stored = [] {}});
  const auto opening = one.open(from);
  ASSERT_TRUE(opening.has_error());
  EXPECT_THAT(opening.error().what, StartsWith("push.listen: cannot listen on 192.0.2.1 port 1"));
}

}  // namespace
}  // namespace ordersync::app::http
