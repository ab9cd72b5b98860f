// What is sent for the detail of an order and for a refund, and what comes of it, over real TLS.
#include "pandapon/detail_fixture.hpp"
#include "pandapon/tls_server.hpp"

#include <boost/asio/post.hpp>

#include <mutex>
#include <string>
#include <vector>

namespace ordersync::pandapon {
namespace {

using core::failure;
using test_support::http_ok;
using test_support::tls_session;

const std::string some_detail =
    R"({"code":200,"msg":"success","data":{"baseInfo":{"idOfStr":"17","status":"success"}}})";
const std::string some_refund = R"({"code":200,"data":{"refundId":"TQ17","status":"refundsuccess","orderId":17}})";

class detail_source_test : public detail_fixture {
 protected:
  void serve_always(std::string reply) {
    server.emplace(certificates.good(), [reply = std::move(reply), this](tls_session& session) {
      for (auto got = session.read_request(); !got.empty(); got = session.read_request()) {
        {
          const std::lock_guard lock(mutex);
          requests.push_back(got);
        }
        if (!session.write(reply)) return;
      }
    });
    settings.base_url = {"127.0.0.1", server->port()};
  }
  core::error failing() {
    const auto made = read_detail("17");
    return made ? core::error{failure::defect, "a detail"} : made.error();
  }

  std::mutex mutex;
  std::vector<std::string> requests;
  std::optional<test_support::tls_server> server;
};

TEST_F(detail_source_test, asks_for_a_detail_as_the_vendor_documents_it) {
  serve_always(http_ok(some_detail));
  const auto detail = read_detail("17").value();
  EXPECT_EQ(detail.tb_order_id, "17");
  EXPECT_EQ(detail.status, "success");
  EXPECT_EQ(detail.payload, R"({"baseInfo":{"idOfStr":"17","status":"success"}})");
  EXPECT_EQ(detail.observed_at, clock());
  const auto sent = requests.at(0);
  EXPECT_TRUE(sent.starts_with("POST /alibaba/order/detail HTTP/1.1\r\n")) << sent;
  EXPECT_TRUE(sent.ends_with("\r\n\r\n{\"webSite\":\"1688\",\"orderId\":\"17\"}")) << sent;
  EXPECT_NE(sent.find("\r\naccess-key: canary-key\r\n"), std::string::npos);
  EXPECT_NE(sent.find("\r\nsignature: "), std::string::npos);
}

TEST_F(detail_source_test, asks_for_a_refund_by_the_query_without_a_body) {
  serve_always(http_ok(some_refund));
  const auto refund = read_refund("TQ17").value();
  EXPECT_EQ(refund.status, "refundsuccess");
  EXPECT_EQ(refund.tb_order_id, 17);
  const auto sent = requests.at(0);
  EXPECT_TRUE(sent.starts_with("POST /alibaba/refund/info?refundId=TQ17 HTTP/1.1\r\n")) << sent;
  EXPECT_TRUE(sent.ends_with("\r\n\r\n")) << sent;
  EXPECT_NE(sent.find("\r\nContent-Length: 0\r\n"), std::string::npos) << sent;
}

TEST_F(detail_source_test, says_that_the_line_is_free_before_it_gives_the_detail) {
  serve_always(http_ok(some_detail));
  int freed = 0;
  received = [&] { ++freed; };
  ASSERT_TRUE(read_detail("17"));
  EXPECT_EQ(freed, 1);
}

TEST_F(detail_source_test, takes_nothing_from_a_detail_of_another_order) {
  serve_always(http_ok(R"({"code":200,"data":{"baseInfo":{"idOfStr":"18"}}})"));
  EXPECT_EQ(failing().kind, failure::unusable_reply);
}

TEST_F(detail_source_test, tells_a_call_that_is_not_permitted_from_credentials_that_are_refused) {
  serve_always("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(failing().kind, failure::not_permitted);
  serve_always("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}");
  source.reset();
  EXPECT_EQ(failing().kind, failure::refused);
}

TEST_F(detail_source_test, a_clock_that_is_far_off_may_be_the_cause_and_is_no_lack_of_permission) {
  serve_always("HTTP/1.1 403 Forbidden\r\nDate: Tue, 14 May 2024 07:09:40 GMT\r\nContent-Length: 2\r\n\r\n{}");
  const auto error = failing();
  EXPECT_EQ(error.kind, failure::refused);
  EXPECT_NE(error.what.find("clock is 10 min behind the API's"), std::string::npos) << error.what;
}

TEST_F(detail_source_test, logs_neither_secrets_nor_bodies_nor_what_it_asks_for) {
  serve_always(http_ok(some_refund));
  ASSERT_TRUE(read_refund("TQ17"));
  EXPECT_NE(log.text().find("path=/alibaba/refund/info status=200"), std::string::npos) << log.text();
  for (const auto* secret : {"canary", "TQ17", "signature"}) EXPECT_EQ(log.text().find(secret), std::string::npos);
}

TEST_F(detail_source_test, refuses_what_follows_once_it_is_closed) {
  serve_always(http_ok(some_detail));
  ASSERT_TRUE(read_detail("17"));
  source->close();
  EXPECT_EQ(failing().kind, failure::unreachable);
}

}  // namespace
}  // namespace ordersync::pandapon
