#include "app/doctor/way_findings.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::doctor {
namespace {

using core::failure;
using std::chrono::days;
constexpr core::second now{days{20'000}};

config::api_settings direct() {
  config::api_settings api;
  api.base_url = {"api.x", 443};
  return api;
}

config::api_settings proxied() {
  auto api = direct();
  api.proxy = config::proxy_choice{core::http_proxy{"proxy.corp", 3128}, "https_proxy"};
  api.proxy_user = "mei";
  return api;
}

TEST(assess_proxy, names_it_and_what_says_so) {
  EXPECT_EQ(assess_proxy(direct()).found, "none");
  EXPECT_EQ(assess_proxy(proxied()).found, "http://proxy.corp:3128 as user mei, by environment variable https_proxy");
  auto exempt = direct();
  exempt.proxy = config::proxy_choice{std::nullopt, "no_proxy"};
  EXPECT_EQ(assess_proxy(exempt).found, "none, by environment variable no_proxy");
}

TEST(name_servers, are_those_that_the_system_is_configured_with) {
  EXPECT_EQ(
      name_servers_in("# nameserver 1.1.1.1\nsearch corp\nnameserver 10.0.0.2\n nameserver\tfd00::1\nnameserver\n"),
      "10.0.0.2, fd00::1");
  EXPECT_EQ(name_servers_in("nameserver 127.0.0.53\n").substr(0, 16), "systemd-resolved");
  EXPECT_EQ(name_servers_in(""), "none in /etc/resolv.conf");
}

// Who answered is not known: the name may be in /etc/hosts.
TEST(assess_addresses, says_which_name_servers_there_are_and_not_who_answered) {
  EXPECT_EQ(assess_addresses(direct(), std::vector<std::string>{"2.2.2.2", "::1", "2.2.2.2"}, "R").found,
            "api.x: 2.2.2.2, ::1; this machine's name servers: R");
  EXPECT_EQ(assess_addresses(proxied(), std::vector<std::string>{"10.0.0.1"}, "R").found,
            "proxy.corp: 10.0.0.1; this machine's name servers: R; the proxy looks up api.x");
  const auto failed = assess_addresses(proxied(), core::make_error(failure::unreachable, "x"), "R");
  EXPECT_EQ(failed.state, check_state::failed);
  EXPECT_EQ(failed.cure, "check api.proxy and this machine's name servers (R): getent hosts proxy.corp");
}

TEST(assess_tls, names_the_address_that_answered) {
  const pandapon::handshake_facts facts{{"TLSv1.3", {{"server", now + days{99}}}}, "::1"};
  EXPECT_EQ(assess_tls(facts, direct(), now).found,
            "connected to ::1 (IPv6), TLSv1.3, chain verified; server for 99 more days");
  EXPECT_TRUE(
      assess_tls(facts, proxied(), now).found.starts_with("connected through the proxy at ::1 (IPv6), TLSv1.3"));
}

TEST(assess_tls, warns_before_any_certificate_of_the_chain_expires) {
  const auto state = [](days leaf, days issuer) {
    const pandapon::handshake_facts facts{{"TLSv1.3", {{"server", now + leaf}, {"issuer", now + issuer}}}, "1.1.1.1"};
    return assess_tls(facts, direct(), now).state;
  };
  EXPECT_EQ(state(days{21}, days{400}), check_state::ok);
  EXPECT_EQ(state(days{20}, days{400}), check_state::warning);
  EXPECT_EQ(state(days{90}, days{3}), check_state::warning);
  EXPECT_EQ(assess_tls(core::make_error(failure::untrusted, "x"), direct(), now).state, check_state::failed);
}

}  // namespace
}  // namespace ordersync::app::doctor
