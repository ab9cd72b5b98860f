#include "config/proxy.hpp"

#include "config/addresses.hpp"
#include "config/minimal.hpp"
#include "config/secrets.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace ordersync::config {
namespace {

using core::http_proxy;
using ::testing::HasSubstr;
using ::testing::Not;

// With these lines below `api`.
checked<settings> with_api(const std::string& lines) {
  return load_text(std::string(minimal_text) + "api:\n" + lines, "f");
}

settings following(const std::vector<std::string>& environment,
                   const std::string& api = "  base_url: https://api.x\n") {
  auto s = with_api(api).value();
  const auto problems = follow_environment(s, environment);
  EXPECT_EQ(to_text(problems), "");
  return s;
}

std::string refused(const std::string& variable) {
  auto s = with_api("  base_url: https://api.x\n").value();
  const auto problems = follow_environment(s, {variable});
  EXPECT_FALSE(s.api.proxy);
  return to_text(problems);
}

TEST(proxy, is_a_host_and_perhaps_a_port) {
  EXPECT_EQ(parse_proxy_url("http://proxy.corp:3128"), (http_proxy{"proxy.corp", 3128}));
  EXPECT_EQ(parse_proxy_url("http://proxy.corp/"), (http_proxy{"proxy.corp", 80}));
  EXPECT_EQ(parse_proxy_url("http://[::1]:3128"), (http_proxy{"::1", 3128}));
  EXPECT_EQ((http_proxy{"::1", 3128}).authority(), "[::1]:3128");
  for (const char* text : {"http://", "http://h:0", "http://h/path", "http://u@h", "proxy.corp:3128", "https://h"})
    EXPECT_EQ(parse_proxy_url(text), std::nullopt) << text;
}

TEST(proxy, of_the_key_takes_precedence_over_the_environment) {
  const auto s = following({"https_proxy=http://other:1"}, "  proxy: http://proxy.corp:3128\n");
  EXPECT_EQ(*s.api.proxy, (proxy_choice{http_proxy{"proxy.corp", 3128}, {}}));
  EXPECT_EQ(*following({"https_proxy=http://other:1"}, "  proxy: none\n").api.proxy, proxy_choice{});
  EXPECT_EQ(following({"all_proxy=http://other:1", "http_proxy=http://other:1"}).api.proxy, std::nullopt);
}

TEST(proxy, that_cannot_be_used_is_refused_without_being_shown) {
  const auto complaint = [](const std::string& value) {
    const auto loaded = with_api("  proxy: \"" + value + "\"\n");
    return loaded ? std::string{"valid"} : to_text(loaded.error());
  };
  EXPECT_THAT(complaint("https://canary:3128"), HasSubstr("(https://) is not supported"));
  EXPECT_THAT(complaint("socks5://canary:1080"), HasSubstr("only http:// proxies are supported"));
  EXPECT_THAT(complaint("http://mei:canary@proxy:3128"), HasSubstr("api.proxy_password_file"));
  EXPECT_THAT(complaint("http://proxy:3128/canary"), HasSubstr("write http://HOST:PORT, or none"));
  EXPECT_THAT(complaint(""), HasSubstr("or none"));
  for (const char* value : {"https://canary", "http://mei:canary@proxy", "http://proxy/canary", "canary"})
    EXPECT_THAT(complaint(value), Not(HasSubstr("canary"))) << value;
  EXPECT_THAT(problems_with("api: {proxy_password: canary}\n"), HasSubstr("name the file in proxy_password_file"));
}

TEST(proxy, gets_a_user_and_a_password_or_neither) {
  const auto complaint = [](const std::string& lines) {
    const auto loaded = with_api("  proxy: http://p:1\n" + lines);
    return loaded ? std::string{} : to_text(loaded.error());
  };
  EXPECT_EQ(complaint(""), "");
  EXPECT_EQ(complaint("  proxy_user: mei\n  proxy_password_file: f\n"), "");
  EXPECT_THAT(complaint("  proxy_user: mei\n"), HasSubstr("set api.proxy_password_file"));
  EXPECT_THAT(complaint("  proxy_password_file: f\n"), HasSubstr("set api.proxy_user"));
  EXPECT_THAT(complaint("  proxy_user: m:ei\n  proxy_password_file: f\n"), HasSubstr("colon"));
}

TEST(environment_proxy, is_taken_as_curl_takes_it) {
  const auto found = [](const std::vector<std::string>& environment) { return *following(environment).api.proxy; };
  EXPECT_EQ(found({"https_proxy=http://a:1", "HTTPS_PROXY=http://b:2"}),
            (proxy_choice{http_proxy{"a", 1}, "https_proxy"}));
  EXPECT_EQ(found({"https_proxy=", "HTTPS_PROXY=http://b:2"}), (proxy_choice{http_proxy{"b", 2}, "HTTPS_PROXY"}));
  EXPECT_EQ(found({"https_proxy=a:1"}), (proxy_choice{http_proxy{"a", 1}, "https_proxy"}));
  EXPECT_EQ(found({"https_proxy=HTTP://a:1/some/where"}), (proxy_choice{http_proxy{"a", 1}, "https_proxy"}));
  EXPECT_EQ(found({"https_proxy=http://mei:p%40ss@[::1]:1"}), (proxy_choice{http_proxy{"::1", 1}, "https_proxy"}));
  EXPECT_EQ(following({"https_proxy=http://m%65i:p%40ss@a:1"}).api.proxy_user, "mei");
  EXPECT_EQ(found({"https_proxy=http://a:1", "no_proxy=localhost,.x"}), (proxy_choice{std::nullopt, "no_proxy"}));
  EXPECT_EQ(found({"https_proxy=http://a:1", "NO_PROXY=*"}), (proxy_choice{std::nullopt, "NO_PROXY"}));
}

TEST(environment_proxy, that_cannot_be_used_is_refused_by_its_name_alone) {
  EXPECT_THAT(refused("https_proxy=https://canary:1"), HasSubstr("environment variable https_proxy: "));
  EXPECT_THAT(refused("https_proxy=socks5h://canary"), HasSubstr("only http:// proxies"));
  EXPECT_THAT(refused("HTTPS_PROXY=http://mei:canary@"), HasSubstr("or set api.proxy, which takes precedence"));
  for (const char* value : {"https_proxy=https://canary:1", "https_proxy=http://mei:canary@", "https_proxy=canary:x"})
    EXPECT_THAT(refused(value), Not(HasSubstr("canary"))) << value;
}

// For a webhook's host it counts all the same.
TEST(environment_proxy, is_known_where_no_proxy_lists_the_apis_host) {
  const auto s = following({"https_proxy=http://mei:p%40ss@a:1", "no_proxy=.x"});
  EXPECT_EQ(*s.api.environment, (environment_proxy{http_proxy{"a", 1}, "https_proxy", "mei", {}, ".x", "no_proxy"}));
  EXPECT_EQ(s.api.proxy_user, "");
  EXPECT_THAT(following({"https_proxy=socks5://canary", "no_proxy=.x"}).api.environment->flaw,
              HasSubstr("only http:// proxies"));
  EXPECT_FALSE(following({"https_proxy=http://a:1"}, "  proxy: none\n").api.environment);
}

TEST(environment_proxy, keeps_its_password_among_the_secrets) {
  ::setenv("https_proxy", "http://mei:p%40ss@a:1", 1);
  const auto s = following({"https_proxy=http://mei:p%40ss@a:1"});
  auto without_accounts = s;
  without_accounts.accounts.clear();
  const auto read = read_secrets(without_accounts, {});
  ::unsetenv("https_proxy");
  ASSERT_TRUE(read && read->proxy_password);
  EXPECT_EQ(read->proxy_password->reveal(), "p@ss");
}

TEST(proxy, keeps_its_password_in_a_file) {
  const test_support::temp_dir dir;
  dir.write("password", "p@ss\n");
  auto s = load_text(std::string(minimal_text) +
                         "api:\n  proxy: http://a:1\n  proxy_user: mei\n"
                         "  proxy_password_file: password\n",
                     dir.path() / "f")
               .value();
  s.accounts.clear();
  const auto read = read_secrets(s, {});
  ASSERT_TRUE(read && read->proxy_password) << (read ? "" : to_text(read.error()));
  EXPECT_EQ(read->proxy_password->reveal(), "p@ss");
}

TEST(no_proxy, lists_names_with_all_below_them) {
  for (const char* list : {"x.corp", "a, x.corp", "a x.corp", ".corp", "corp", "X.Corp.", "*", "a,,*"})
    EXPECT_TRUE(lists_host(list, "x.corp")) << list;
  EXPECT_TRUE(lists_host("corp", "X.CORP."));
  for (const char* list : {"", "y.corp", "x.corp.example", "rp", "x", ".", "*.corp", "x.corp:443"})
    EXPECT_FALSE(lists_host(list, "x.corp")) << list;
}

TEST(no_proxy, lists_addresses_and_networks) {
  for (const char* list : {"10.1.2.3", "10.0.0.0/8", "0.0.0.0/0", "10.1.2.2/31", "a,10.1.0.0/16"})
    EXPECT_TRUE(lists_host(list, "10.1.2.3")) << list;
  for (const char* list : {"10.1.2.4", "11.0.0.0/8", "10.1.2.0/31", "10.0.0.0/33", "10.0.0.0/", "::/0", ".3", "2.3"})
    EXPECT_FALSE(lists_host(list, "10.1.2.3")) << list;
  EXPECT_TRUE(lists_host("2001:db8::/32", "2001:db8:1::7"));
  EXPECT_TRUE(lists_host("[2001:db8:1:0::7]", "2001:db8:1::7"));
  EXPECT_FALSE(lists_host("2001:db9::/32", "2001:db8:1::7"));
  EXPECT_FALSE(lists_host("10.0.0.0/8", "10.corp"));
}

}  // namespace
}  // namespace ordersync::config
