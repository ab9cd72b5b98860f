// Push messages of the program itself, to a receiver over TCP and TLS.
#include "push/message.hpp"
#include "simulator/push/receiver.hpp"
#include "simulator/running.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pandapon_sim::testing {
namespace {

namespace json = boost::json;

constexpr auto yes = [](const received&, std::size_t) { return 200U; };

class push_program : public program {
 protected:
  static std::string url(const receiver& to, const std::string& scheme = "http") {
    return scheme + "://127.0.0.1:" + std::to_string(to.port()) + "/push";
  }

  /// With 200 orders. Waits for answers as long as a busy machine may need, unless `more` says otherwise.
  support::child_process pushing(const receiver& to, const std::vector<std::string>& more = {},
                                 const std::string& scheme = "http") const {
    std::vector<std::string> flags{"--orders", "200", "--from", "2024-05-01", "--to", "2024-06-01"};
    flags.insert(flags.end(), {"--push", url(to, scheme)});
    if (!std::count(more.begin(), more.end(), "--push-timeout")) flags.insert(flags.end(), {"--push-timeout", "180s"});
    flags.insert(flags.end(), more.begin(), more.end());
    return start(flags);
  }

  static json::object stats(client& c) {
    return json::parse(c.exchange(http::verb::get, "/_stats").body()).as_object();
  }

  /// Bounded by the deadline of the test; each turn waits for the answer of the one before.
  static json::object wait_until(client& c, const std::function<bool(const json::object&)>& reached) {
    json::object now = stats(c);
    while (!reached(now)) now = stats(c);
    return now;
  }
};

TEST_F(push_program, posts_a_signed_message_for_every_change) {
  receiver to(yes);
  auto simulator = pushing(to);
  client c(simulator);
  c.exchange(http::verb::post, "/_mutate?n=30");
  c.exchange(http::verb::post, "/_add?n=10");
  const auto all = to.wait_for(40);
  for (const received& one : all) {
    EXPECT_EQ(one.method, "POST");
    EXPECT_EQ(one.target, "/push");
    EXPECT_EQ(one.authorization, sign_push({}, {one.body, ""}, "secret"));
    EXPECT_TRUE(json::parse(one.body).as_object().contains("messageType"));
  }
  const auto now = wait_until(c, [](const json::object& s) { return s.at("push_acknowledged") == 40; });
  EXPECT_EQ(now.at("pushed"), 40);
  EXPECT_EQ(now.at("push_waiting"), 0);
  EXPECT_EQ(now.at("push_refused"), 0);
}

TEST_F(push_program, posts_as_time_passes) {
  receiver to(yes);
  auto simulator = pushing(to, {"--mutate", "200"});
  client c(simulator);
  to.wait_for(50);
}

TEST_F(push_program, speaks_tls_with_a_receiver_that_it_can_trust) {
  receiver to(yes, certificates_.good());
  auto simulator = pushing(to, {"--push-ca", certificates_.ca_file().string()}, "https");
  client c(simulator);
  c.exchange(http::verb::post, "/_mutate?n=3");
  EXPECT_EQ(to.wait_for(3).front().target, "/push");
}

TEST_F(push_program, sends_nothing_to_a_receiver_that_it_cannot_trust) {
  receiver to(yes, certificates_.wrong_host());
  auto simulator = pushing(to, {"--push-ca", certificates_.ca_file().string()}, "https");
  client c(simulator);
  c.exchange(http::verb::post, "/_mutate");
  wait_until(c, [](const json::object& s) { return s.at("push_unanswered") == 1; });
  EXPECT_EQ(to.wait_for(0).size(), 0U);
}

TEST_F(push_program, repeats_what_was_refused_word_for_word) {
  receiver to([](const received&, std::size_t n) { return n < 2 ? 503U : 200U; });
  auto simulator = pushing(to, {"--push-retry", "20ms"});
  client c(simulator);
  c.exchange(http::verb::post, "/_mutate");
  const auto all = to.wait_for(3);
  EXPECT_EQ(all[0].body, all[2].body);
  EXPECT_EQ(all[0].authorization, all[2].authorization);
  const auto now = wait_until(c, [](const json::object& s) { return s.at("push_acknowledged") == 1; });
  EXPECT_EQ(now.at("push_refused"), 2);
  EXPECT_EQ(now.at("push_retried"), 2);
}

TEST_F(push_program, gives_up_on_a_receiver_that_never_answers_and_serves_meanwhile) {
  receiver to([](const received&, std::size_t) { return 0U; });
  auto simulator = pushing(to, {"--push-timeout", "200ms", "--push-retry", "1ms", "--push-tries", "1"});
  client c(simulator);
  c.exchange(http::verb::post, "/_mutate?n=2");
  to.wait_for(2);
  EXPECT_EQ(c.exchange(http::verb::post, "/alibaba/order/page", R"({"pageNum":1,"pageSize":50})").result_int(), 200U);
  const auto now = wait_until(c, [](const json::object& s) { return s.at("push_given_up") == 2; });
  EXPECT_EQ(now.at("push_unanswered"), 4);
  EXPECT_EQ(now.at("push_waiting"), 0);
}

TEST_F(push_program, counts_an_absent_receiver_as_no_answer) {
  std::optional<receiver> gone(std::in_place, yes);
  const std::string nobody = url(*gone);
  gone.reset();  // before the program starts, which would inherit its socket
  auto simulator = start({"--orders", "200", "--from", "2024-05-01", "--to", "2024-06-01", "--push", nobody});
  client c(simulator);
  c.exchange(http::verb::post, "/_mutate");
  const auto now = wait_until(c, [](const json::object& s) { return s.at("push_unanswered") == 1; });
  EXPECT_EQ(now.at("push_waiting"), 1);
}

TEST_F(push_program, verifies_the_address_first) {
  receiver to(yes);
  auto simulator = pushing(to, {"--push-verify"});
  client c(simulator);
  const auto first = to.wait_for(1).front();
  EXPECT_EQ(first.body, "{}");
  EXPECT_EQ(first.authorization, "");
  wait_until(c, [](const json::object& s) { return s.at("push_verified") == 1; });
}

TEST_F(push_program, floods_over_16_kept_connections) {
  receiver to(yes);
  auto simulator = pushing(to);
  client c(simulator);
  c.exchange(http::verb::post, "/_push?n=5000");
  to.wait_for(5000);
  const auto now = wait_until(c, [](const json::object& s) { return s.at("push_acknowledged") == 5000; });
  EXPECT_EQ(now.at("push_unanswered"), 0);
  EXPECT_LE(to.connections(), 16U);
}

TEST_F(push_program, needs_certificates_that_can_be_read) {
  const auto run =
      support::run_process({command({"--push", "https://127.0.0.1:1/", "--push-ca", "/nowhere"}), {}, {}, "/", 9});
  EXPECT_EQ(run.status.code, 2);
}

}  // namespace
}  // namespace pandapon_sim::testing
