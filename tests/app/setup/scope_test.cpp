#include "app/setup/scope.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::setup {
namespace {

struct scope : ::testing::Test {
  config::api_settings api;
  config::account account;

  void SetUp() override {
    api.base_url = {"api.example.com", 443};
    api.path = "/alibaba/order/page";
    api.time_zone = std::chrono::hours{8};
    account.name = "main";
    account.access_key = "an-access-key";
    account.user_id = "17";
  }
  std::string of_now() const { return scope_of(account, api).scope; }
};

TEST_F(scope, is_the_same_for_the_same_question) {
  account.user_id_list = {"b", "a"};
  const auto before = of_now();
  account.user_id_list = {"a", "b"};
  EXPECT_EQ(of_now(), before);
  api.request_timeout = std::chrono::seconds{9};
  account.name = "renamed";
  EXPECT_EQ(of_now(), before);
}

TEST_F(scope, is_another_for_everything_that_decides_which_orders_are_shown) {
  std::vector<std::string> seen{of_now()};
  const auto expect_new = [&] {
    for (const auto& other : seen) EXPECT_NE(of_now(), other);
    seen.push_back(of_now());
  };
  account.user_id_list = {"a"};
  expect_new();
  account.user_id = "18";
  expect_new();
  account.access_key = "another";
  expect_new();
  api.path = "/v2/alibaba/order/page";
  expect_new();
  api.base_url.host = "other.example.com";
  expect_new();
  api.base_url.port = 444;
  expect_new();
  api.time_zone = std::chrono::hours{0};
  expect_new();
}

TEST_F(scope, says_what_is_asked_without_the_key) {
  const auto asked = scope_of(account, api).asked;
  EXPECT_NE(asked.find("https://api.example.com:443/alibaba/order/page"), std::string::npos) << asked;
  EXPECT_EQ(asked.find("an-access-key"), std::string::npos);
}

}  // namespace
}  // namespace ordersync::app::setup
