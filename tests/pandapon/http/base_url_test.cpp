#include "pandapon/http/base_url.hpp"

#include <gtest/gtest.h>

namespace ordersync::pandapon::http {
namespace {

TEST(base_url, names_host_and_port) {
  const auto usual = parse_base_url("https://api.pandapon.com").value();
  EXPECT_EQ(usual.host, "api.pandapon.com");
  EXPECT_EQ(usual.port, 443);
  EXPECT_FALSE(usual.numeric);
  EXPECT_EQ(usual.authority(), "api.pandapon.com");
  const auto local = parse_base_url("https://127.0.0.1:8443/").value();
  EXPECT_TRUE(local.numeric);
  EXPECT_EQ(local.authority(), "127.0.0.1:8443");
  const auto six = parse_base_url("https://[::1]:8443").value();
  EXPECT_EQ(six.host, "::1");
  EXPECT_TRUE(six.numeric);
  EXPECT_EQ(six.authority(), "[::1]:8443");
}

TEST(base_url, is_refused_where_it_is_not_just_that) {
  for (const auto* url : {"",
                          "api.pandapon.com",
                          "http://api.pandapon.com",
                          "HTTPS://x",
                          "https://",
                          "https:///",
                          "https://a b",
                          "https://u:p@h",
                          "https://h/path",
                          "https://h?q",
                          "https://h#f",
                          "https://h:",
                          "https://h:0",
                          "https://h:65536",
                          "https://h:8x",
                          "https://[::1",
                          "https://[127.0.0.1]",
                          "https://[name]",
                          "https://::1",
                          "https://h\r\nx"}) {
    const auto parsed = parse_base_url(url);
    ASSERT_FALSE(parsed) << url;
    EXPECT_EQ(parsed.error().kind, core::failure::input);
  }
}

TEST(base_url, a_path_is_visible_ascii_from_a_slash) {
  EXPECT_TRUE(usable_path("/v2/alibaba/order/page?x=1"));
  for (const auto* path : {"", "alibaba", "/a b", "/a#b", "/a\r\nb", "/\xC3\xA9"})
    EXPECT_FALSE(usable_path(path)) << path;
}

}  // namespace
}  // namespace ordersync::pandapon::http
