// The page's routes, without a database: what it answers then, and what it never does.

#include "app/http/page.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace ordersync::app::http {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using service::http_answer;
using service::http_request;

struct quiet_log : core::log {
  void write(core::severity, std::string_view, std::initializer_list<core::log_field>) noexcept override {}
};

struct route_list : service::http_server {
  std::map<std::pair<bool, std::string>, service::http_handler> routes;
  void route(bool post, std::string path, service::http_handler handler) override {
    routes[{post, std::move(path)}] = std::move(handler);
  }
  core::result<std::string> listen(const std::string&, std::uint16_t) override { return std::string{}; }
  asio::awaitable<void> run() override { co_return; }
  void close() noexcept override {}
};

setup::configuration nowhere(std::string_view token) {
  setup::configuration c;
  c.settings.database.url = "postgresql://nobody@/nothing?host=/nonexistent";
  c.settings.accounts.emplace_back().name = "main";
  c.settings.api.time_zone = std::chrono::hours{8};
  if (!token.empty()) c.secrets.admin_token.emplace(std::vector<char>(token.begin(), token.end()));
  return c;
}

struct page_routes : ::testing::Test {
  asio::io_context io;
  quiet_log log;
  telemetry::recent_problems recent{"me", [] { return core::instant{}; }};
  route_list server;
  std::unique_ptr<page> of;

  void open(std::string_view token = "") {
    of = make_page(io.get_executor(), nowhere(token), {.id = "me", .host = "shed", .version = "1.2.3"}, recent, log);
    of->add_routes(server);
  }
  ~page_routes() override {
    of->close();
    perform([&]() -> asio::awaitable<void> { co_await of->join(); });
  }
  template <class Task>
  void perform(Task task) {
    std::exception_ptr thrown;
    asio::co_spawn(io, std::move(task), [&](std::exception_ptr e) { thrown = e; });
    io.restart();
    io.run();
    if (thrown) std::rethrow_exception(thrown);
  }
  http_answer ask(const std::string& path, http_request request = {}) {
    http_answer answer;
    const auto handler = server.routes.at({request.post, path});
    if (request.path.empty()) request.path = path;
    perform([&]() -> asio::awaitable<void> { answer = co_await handler(std::move(request)); });
    return answer;
  }
  http_request order(std::string body = R"({"from":"2024-05-01","to":"2024-05-02"})") {
    http_request request;
    request.post = true;
    request.content_type = "application/json";
    request.bearer = "0123456789abcdef";
    request.body = std::move(body);
    return request;
  }
};

TEST_F(page_routes, the_document_comes_with_its_policy) {
  open();
  const auto answer = ask("/");
  EXPECT_EQ(answer.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(answer.headers.at(0).first, "Content-Security-Policy");
}

TEST_F(page_routes, without_a_database_the_status_says_so_and_no_more) {
  open();
  const auto answer = ask("/api/status");
  EXPECT_EQ(answer.status, 200U);
  const auto shown = json::parse(answer.body).as_object();
  EXPECT_EQ(shown.at("database").at("failure"), "database_down");
  EXPECT_EQ(shown.at("verdict").at("headline"), "The database does not answer");
  EXPECT_EQ(shown.at("daemon").at("role"), "unknown");
  EXPECT_EQ(shown.at("daemon").at("version"), "1.2.3");
  EXPECT_EQ(shown.at("zone_seconds"), 28'800);
  EXPECT_EQ(shown.at("can_order"), false);
  EXPECT_EQ(answer.body.find("nonexistent"), std::string::npos);
  EXPECT_EQ(ask("/api/coverage").status, 503U);
  EXPECT_EQ(ask("/api/backfills").status, 503U);
}

TEST_F(page_routes, requests_and_problems_are_served_without_a_database) {
  open();
  of->request({.account = "main", .outcome = "ok", .took = std::chrono::milliseconds{12}});
  recent.event(core::severity::warning, "request_retry", {{"account", "main"}});
  const auto requests = json::parse(ask("/api/requests").body);
  EXPECT_EQ(requests.at("minutes").at(0).at("outcomes").at("ok"), 1);
  const auto problems = json::parse(ask("/api/troubles").body);
  EXPECT_EQ(problems.at("troubles").at(0).at("event"), "request_retry");
  EXPECT_FALSE(problems.at("troubles").at(0).at("cure").as_string().empty());
}

TEST_F(page_routes, nothing_can_be_ordered_without_the_setting) {
  open();
  EXPECT_EQ(ask("/api/backfills", order()).status, 403U);
  EXPECT_EQ(ask("/api/backfills/", order()).status, 403U);
}

TEST_F(page_routes, the_token_is_asked_for_before_anything_is_read) {
  open("0123456789abcdef");
  auto request = order("{");
  request.bearer = "another";
  EXPECT_EQ(ask("/api/backfills", request).status, 401U);
  EXPECT_EQ(ask("/api/backfills", order("{")).status, 400U);
  EXPECT_EQ(ask("/api/backfills", order()).status, 503U);  // all was well but the database
  request = order();
  request.path = "/api/backfills/1/explode";
  EXPECT_EQ(ask("/api/backfills/", request).status, 404U);
  request.path = "/api/backfills/1/pause";
  EXPECT_EQ(ask("/api/backfills/", request).status, 503U);
}

TEST_F(page_routes, a_reload_changes_who_may_order) {
  open("0123456789abcdef");
  of->reconfigure(nowhere("fedcba9876543210"));
  EXPECT_EQ(ask("/api/backfills", order()).status, 401U);
  of->reconfigure(nowhere(""));
  EXPECT_EQ(ask("/api/backfills", order()).status, 403U);
}

}  // namespace
}  // namespace ordersync::app::http
