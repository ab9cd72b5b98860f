#include "pandapon/reply/verdict.hpp"

#include "pandapon/http/http_date.hpp"
#include "pandapon/replies.hpp"
#include "pandapon/sample.hpp"

#include <gtest/gtest.h>

namespace ordersync::pandapon::reply {
namespace {

using core::failure;
using testing::failed;
using testing::now;
using testing::reply;
using namespace std::chrono_literals;

TEST(verdict, the_flat_list_and_the_envelope_are_pages) {
  for (const auto* body :
       {R"({"total":2,"data":[{"id":1},{"id":2}],"code":200})",
        R"({"code":"200","data":[{"id":1},{"id":2}],"total":"2"})",
        R"({"requestId":"r","code":200,"developId":"d","msg":"ok","data":{"total":2,"data":[{"id":1},{"id":2}]}})",
        R"({"code":200,"data":{"records":[{"id":1},{"id":2}],"total":2,"pages":1},"total":2})",
        R"({"code":200,"code":200,"data":{"list":[{"id":1},{"id":2}],"total":"2"}})"}) {
    const auto good = reply(200, body);
    const auto page = assess(good, now);
    ASSERT_TRUE(page) << body << page.error().what;
    EXPECT_EQ(page->total, 2);
    EXPECT_EQ(page->orders, (std::vector<std::string_view>{R"({"id":1})", R"({"id":2})"}));
  }
}

TEST(verdict, an_empty_page_is_one_that_says_so) {
  for (const auto* body :
       {R"({"total":0,"data":[],"code":200})", R"({"total":0,"data":null,"code":200})", R"({"total":"0","code":"200"})",
        R"({"code":200,"total":0,"data":null,"list":null})", R"({"co\u0064e":200,"data":[],"t\u006ftal":0})",
        R"({"code":200,"data":{"total":0,"list":[]},"msg":"success","success":true})",
        R"({"code":200,"errorCode":"0","errorMsg":"success","status":1,"total":0,"data":[]})",
        "\xEF\xBB\xBF{\"total\":0,\"data\":[],\"code\":200}",
        "\r\n\xEF\xBB\xBF \n{\"total\":0,\"data\":[],\"code\":200}\n"}) {
    const auto empty = reply(200, body);
    const auto page = assess(empty, now);
    ASSERT_TRUE(page) << body << page.error().what;
    EXPECT_EQ(page->total, 0);
    EXPECT_TRUE(page->orders.empty());
  }
}

TEST(verdict, nothing_unknown_is_an_empty_page) {
  for (const auto* body : {"",
                           "[]",
                           "null",
                           "{}",
                           R"({"code":200})",
                           R"({"code":200,"total":1})",
                           R"({"code":200,"total":1,"data":null})",
                           R"({"code":200,"total":0,"list":[]})",
                           R"({"code":200,"total":0,"data":null,"rows":[{"id":1}]})",
                           R"({"code":200,"data":[]})",
                           R"({"code":200,"data":"[]","total":0})",
                           R"({"code":200,"data":{},"total":0})",
                           R"({"code":200,"data":{"total":0},"total":0})",
                           R"({"code":200,"data":{"list":[]},"total":0})",
                           R"({"code":200,"data":{"items":[],"total":0}})",
                           R"({"code":200,"data":{"list":[],"records":[],"total":0}})",
                           R"({"code":200,"data":{"list":{},"total":0}})",
                           R"({"code":200,"data":{"list":[],"total":1},"total":2})",
                           R"({"code":200,"data":[],"total":-1})",
                           R"({"code":200,"data":[],"total":null})",
                           R"({"code":200,"data":[],"total":0.5})",
                           R"({"code":200,"data":[],"total":"many"})",
                           R"({"code":200,"data":[],"total":99999999999999999999})",
                           R"({"code":200,"data":[],"total":0,"total":1})",
                           R"({"code":200,"code":500,"data":[],"total":0})",
                           R"({"code":200,"data":[],"data":[1],"total":0})",
                           R"({"data":[],"total":0})",
                           R"({"code":null,"data":[],"total":0})",
                           R"({"code":true,"data":[],"total":0})",
                           R"({"code":"ok","data":[],"total":0})",
                           R"({"code":0,"data":[],"total":0})",
                           R"({"code":201,"data":[],"total":0})",
                           R"({"code":200,"data":[],"total":0} x)",
                           R"({"code":200,"data":[},"total":0})",
                           "{\"code\":200,\"data\":[],\"total\":0}\xEF\xBB\xBF"}) {
    const auto verdict = assess(reply(200, body), now);
    ASSERT_FALSE(verdict) << body;
    EXPECT_EQ(verdict.error().kind, failure::unusable_reply) << body;
  }
}

// 24 of such replies once were empty pages that proved their windows.
TEST(verdict, what_is_not_strictly_json_outside_of_the_orders_is_no_page) {
  for (const auto* body :
       {R"({"total":0,"data":[],"x":[-],"code":200})", R"({"total":0,"data":[],"x":tru,"code":200})",
        R"({"total":0,"data":[],"x":01,"code":200})", R"({"total":0,"data":[],"x":{"a":1,},"code":200})",
        R"({"total":0,"data":[],"x":"\ud800","code":200})", R"({"total":0,"data":[],"x":"\q","code":200})",
        R"({"total":0,"data":[],"\ud800":1,"code":200})", "{\"total\":0,\"data\":[],\"x\":\"a\tb\",\"code\":200}",
        "{\"total\":0,\"data\":[],\"x\ty\":1,\"code\":200}", "{\"total\":0,\"data\":[],\"msg\":\"\xFF\",\"code\":200}",
        "{\"total\":0,\"data\":[],\"\xC0\x80\":1,\"code\":200}", R"({"total":0,"data":[],"code":200,"c\u006fde":500})",
        R"({"total":0,"data":[],"code":200,"tot\u0061l":7})",
        R"({"total":0,"data":[],"code":200,"d\u0061ta":[{"id":1}]})",
        R"({"code":200,"data":{"list":[],"l\u0069st":[{"id":1}],"total":0}})",
        R"({"code":200,"data":{"list":[],"total":0,"x":[-]}})",
        R"({"code":200,"data":{"list":[],"total":0,"code":500}})"}) {
    const auto verdict = assess(reply(200, body), now);
    ASSERT_FALSE(verdict) << body;
    EXPECT_EQ(verdict.error().kind, failure::unusable_reply) << body;
    EXPECT_EQ(verdict.error().remedy, core::remedy::none) << body;
  }
}

TEST(verdict, a_sign_of_failure_beside_a_code_of_success_is_a_failure) {
  for (const auto* sign : {R"("success":false)", R"("success":"false")", R"("success":0)", R"("isSuccess":"FAIL")",
                           R"("error_code":"7")", R"("errorCode":40001)", R"("error_message":"no")", R"("errMsg":"no")",
                           R"("status":"error")", R"("status":500)", R"("result":"FAILED")", R"("errors":[1])",
                           R"("error_response":{"code":7,"msg":"no"})", R"("s\u0075ccess":false)"}) {
    for (const auto& body : {std::string(R"({"total":0,"data":[],"code":200,)") + sign + "}",
                             std::string(R"({"code":200,"data":{"total":0,"list":[],)") + sign + "}}"}) {
      const auto verdict = assess(reply(200, body), now);
      ASSERT_FALSE(verdict) << body;
      EXPECT_EQ(verdict.error().kind, failure::unusable_reply) << body;
    }
  }
}

TEST(verdict, a_broken_order_costs_itself_alone) {
  for (const auto* order : {"-", "{\"id\":-}", "\"\xFF\"", "[1,]", R"({"id":1,"x":"\ud800"})"}) {
    const auto body = reply(200, std::string(R"({"total":2,"data":[{"id":2},)") + order + R"(],"code":200})");
    const auto page = assess(body, now);
    ASSERT_TRUE(page) << order;
    EXPECT_EQ(page->orders, (std::vector<std::string_view>{R"({"id":2})", order}));
  }
}

TEST(verdict, statuses_have_their_meaning) {
  const auto good = R"({"total":0,"data":[],"code":200})";
  for (const unsigned status : {100U, 101U, 103U, 199U, 201U, 202U, 204U, 206U, 301U, 302U, 304U,
                                307U, 308U, 400U, 404U, 405U, 407U, 418U, 451U, 600U, 999U}) {
    EXPECT_EQ(failed(reply(status, good)).kind, failure::unusable_reply) << status;
  }
  for (const unsigned status : {500U, 501U, 502U, 503U, 504U, 520U, 599U, 408U}) {
    EXPECT_EQ(failed(reply(status, good)).kind, failure::unreachable) << status;
  }
  for (const unsigned status : {401U, 403U}) EXPECT_EQ(failed(reply(status, good)).kind, failure::refused) << status;
  EXPECT_EQ(failed(reply(429, good)).kind, failure::overloaded);
}

TEST(verdict, codes_in_a_200_have_their_meaning) {
  const auto kind = [](std::string_view code, unsigned status = 200) {
    return failed(reply(status, "{\"code\":" + std::string(code) + ",\"msg\":\"no\",\"data\":null}")).kind;
  };
  for (const auto* code : {"401", "403", "\"401\""}) EXPECT_EQ(kind(code), failure::refused) << code;
  for (const auto* code : {"429", "500", "503", "\"502\""}) EXPECT_EQ(kind(code), failure::overloaded) << code;
  for (const auto* code : {"0", "1", "400", "404", "10086", "-1", "600"}) {
    EXPECT_EQ(kind(code), failure::unusable_reply) << code;
  }
  EXPECT_EQ(kind("401", 400), failure::refused);
  EXPECT_EQ(kind("429", 400), failure::overloaded);
  EXPECT_EQ(kind("200", 400), failure::unusable_reply);
}

TEST(verdict, what_the_api_says_is_never_repeated) {
  for (const auto* code : {"401", "429", "500", "7", "\"x\"", "\"the canary\"", "200,\"success\":\"no canary\""}) {
    const auto body =
        std::string(R"({"code":)") + code + R"(,"msg":"13900000000 canary","data":"canary","error":"canary"})";
    for (const unsigned status : {200U, 302U, 400U, 401U, 429U, 500U}) {
      EXPECT_EQ(failed(reply(status, body)).what.find("canary"), std::string::npos) << status << code;
    }
  }
}

TEST(verdict, retry_after_is_honoured_within_a_cap) {
  const auto wait = [](unsigned status, std::string_view text, std::string_view date = {}) {
    auto r = reply(status);
    r.retry_after = text;
    r.date = date;
    const auto error = failed(r);
    EXPECT_EQ(error.kind, failure::overloaded);
    return error.retry_after;
  };
  EXPECT_EQ(wait(429, "7"), 7s);
  EXPECT_EQ(wait(503, "0"), 0s);
  EXPECT_EQ(wait(429, "86400"), 60s);
  EXPECT_EQ(wait(429, "99999999999999999999"), 60s);
  EXPECT_EQ(wait(429, "Tue, 07 May 2024 01:52:30 GMT"), 30s);
  EXPECT_EQ(wait(429, "Tue, 07 May 2024 01:52:30 GMT", "Tue, 07 May 2024 01:52:20 GMT"), 10s);
  EXPECT_EQ(wait(429, "Tue, 07 May 2024 01:50:00 GMT"), 0s);
  for (const auto* text : {"", "-5", "soon", "1.5"}) EXPECT_EQ(wait(429, text), std::nullopt) << text;
  EXPECT_EQ(failed(reply(503)).kind, failure::unreachable);
}

TEST(verdict, a_reply_that_is_not_whole_is_no_page_but_its_status_counts) {
  auto r = reply(200, R"({"total":0,"data":[],"code":200})");
  r.flaw = "has neither a length nor chunks";
  EXPECT_EQ(failed(r).kind, failure::unusable_reply);
  EXPECT_NE(failed(r).what.find(r.flaw), std::string::npos);
  r.status = 502;
  EXPECT_EQ(failed(r).kind, failure::unreachable);
  r.status = 401;
  EXPECT_EQ(failed(r).kind, failure::refused);
}

TEST(http_date, is_the_one_form_that_may_be_sent) {
  EXPECT_EQ(http::parse_http_date("Tue, 07 May 2024 01:52:00 GMT"), now);
  EXPECT_EQ(http::parse_http_date("Thu, 29 Feb 2024 23:59:60 GMT"), core::second{1709251200s});
  for (const auto* text :
       {"", "Tue, 07 May 2024 01:52:00 UTC", "Tue, 31 Feb 2024 01:52:00 GMT", "Tue, 07 May 2024 24:52:00 GMT",
        "Tuesday, 07-May-24 01:52:00 GMT", "Tue May  7 01:52:00 2024", "Tue, 07 may 2024 01:52:00 GMT",
        "Tue, -7 May 2024 01:52:00 GMT", "Tue, 07 ayJ 2024 01:52:00 GMT"}) {
    EXPECT_FALSE(http::parse_http_date(text)) << text;
  }
}

}  // namespace
}  // namespace ordersync::pandapon::reply
