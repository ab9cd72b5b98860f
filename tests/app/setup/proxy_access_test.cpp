// The way to a host that is not the API's, as a webhook's.

#include "app/setup/wiring.hpp"

#include <gmock/gmock.h>

namespace ordersync::app::setup {
namespace {

struct way_out : ::testing::Test {
  configuration from;

  // As follow_environment() leaves it.
  void follow(std::string exempt, std::string flaw = {}) {
    from.settings.api.environment = config::environment_proxy{
        .through = {"proxy.corp", 3128},
        .variable = "https_proxy",
        .user = "mei",
        .flaw = std::move(flaw),
        .exempt = std::move(exempt),
        .exempt_variable = "no_proxy",
    };
  }
  std::string to(const std::string& host) const {
    const auto found = proxy_access_of(from, host);
    if (found.has_error()) return found.error().what;
    if (!*found) return "directly";
    return (*found)->user + " by " + (*found)->at.authority() + ", " + (*found)->setting;
  }
};

TEST_F(way_out, of_the_environment_is_judged_for_each_host) {
  follow("api.x, .inside");
  from.settings.api.proxy = config::proxy_choice{std::nullopt, "no_proxy"};  // the API's host is listed
  EXPECT_EQ(to("robot.outside"), "mei by proxy.corp:3128, environment variable https_proxy");
  EXPECT_EQ(to("robot.inside"), "directly");
  follow(".inside");
  from.settings.api.proxy = config::proxy_choice{core::http_proxy{"proxy.corp", 3128}, "https_proxy"};
  EXPECT_EQ(to("robot.inside"), "directly");
}

TEST_F(way_out, of_the_environment_that_cannot_be_used_is_an_error_only_where_it_leads_there) {
  follow(".inside", "it names no proxy");
  EXPECT_EQ(to("robot.outside"), "environment variable https_proxy: it names no proxy");
  EXPECT_EQ(to("robot.inside"), "directly");
}

TEST_F(way_out, of_the_key_is_the_same_for_all) {
  EXPECT_EQ(to("robot"), "directly");
  from.settings.api.proxy = config::proxy_choice{core::http_proxy{"other.corp", 80}, {}};
  EXPECT_EQ(to("robot"), " by other.corp:80, api.proxy");
  from.settings.api.proxy = config::proxy_choice{};
  EXPECT_EQ(to("robot"), "directly");
}

}  // namespace
}  // namespace ordersync::app::setup
