#include "core/https_url.hpp"

#include <gtest/gtest.h>

namespace ordersync::core {
namespace {

TEST(https_url, the_host_header_leaves_the_usual_port_out) {
  EXPECT_EQ((https_url{.host = "api.pandapon.com"}.authority()), "api.pandapon.com");
  EXPECT_EQ((https_url{"127.0.0.1", 8443}.authority()), "127.0.0.1:8443");
  EXPECT_EQ((https_url{"::1", 443}.authority()), "[::1]");
  EXPECT_EQ((https_url{"::1", 8443}.authority()), "[::1]:8443");
}

TEST(https_url, its_text_has_the_port_always) {
  EXPECT_EQ((https_url{.host = "api.pandapon.com"}.text()), "https://api.pandapon.com:443");
  EXPECT_EQ((https_url{"::1", 8443}.text()), "https://[::1]:8443");
}

TEST(https_url, an_ip_address_is_no_name) {
  for (const auto* host : {"127.0.0.1", "::1", "2001:db8::17"})
    EXPECT_TRUE((https_url{.host = host}.is_ip_address())) << host;
  for (const auto* host : {"localhost", "1.2.3", "1.2.3.4.example.com", "127.0.0.1.", "api.pandapon.com"})
    EXPECT_FALSE((https_url{.host = host}.is_ip_address())) << host;
}

}  // namespace
}  // namespace ordersync::core
