#include "config/addresses.hpp"

#include <gtest/gtest.h>

namespace ordersync::config {
namespace {

TEST(addresses, an_https_url_is_a_host_and_perhaps_a_port) {
  EXPECT_EQ(parse_https_url("https://api.pandapon.com"), (https_url{"api.pandapon.com", 443}));
  EXPECT_EQ(parse_https_url("https://api.pandapon.com/"), (https_url{"api.pandapon.com", 443}));
  EXPECT_EQ(parse_https_url("https://127.0.0.1:8443"), (https_url{"127.0.0.1", 8443}));
  EXPECT_EQ(parse_https_url("https://[::1]:8443"), (https_url{"::1", 8443}));
  EXPECT_EQ(parse_https_url("https://[::1]"), (https_url{"::1", 443}));
}

TEST(addresses, nothing_else_is_an_https_url) {
  for (const char* text : {"",
                           "http://api.pandapon.com",
                           "api.pandapon.com",
                           "https://",
                           "https://:443",
                           "https://host:",
                           "https://host:0",
                           "https://host:65536",
                           "https://host:44a",
                           "https://user@host",
                           "https://u:p@host",
                           "https://host/path",
                           "https://host?q",
                           "https://host#f",
                           "https://ho st",
                           "https://host//",
                           "https://[::1",
                           "https://[host]",
                           "https://[::1]x",
                           "https://a..b",
                           "https://.a",
                           "https://ho\nst",
                           "HTTPS://host",
                           "https://h\xC3\xB6st"}) {
    EXPECT_EQ(parse_https_url(text), std::nullopt) << text;
  }
}

TEST(addresses, a_listen_address_is_an_ip_address_and_a_port) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:9188"), (listen_address{"127.0.0.1", 9188}));
  EXPECT_EQ(parse_listen_address("[::1]:0"), (listen_address{"::1", 0}));
  for (const char* text : {"", "9188", ":9188", "127.0.0.1", "localhost:9188", "127.0.0.1:", "127.0.0.1:70000",
                           "::1:9188", "1.2.3:80", "127.0.0.1:9188 "}) {
    EXPECT_EQ(parse_listen_address(text), std::nullopt) << text;
  }
}

TEST(addresses, a_password_in_a_database_url_is_seen_however_it_is_written) {
  for (const char* url :
       {"postgresql://u:p@h/db", "postgres://u:p@h/db", "postgresql://u:@h/db", "postgresql://u:p/w@h/db",
        "postgresql://u:p@w@h/db", "postgresql://u@x:p@h/db", "postgresql://h/db?password=p",
        "postgresql://h/db?a=b&password=p", "postgresql://h/db?pass%77ord=p", "postgresql://h/db?sslpassword=p",
        "postgresql:///?password"}) {
    EXPECT_TRUE(holds_password(url)) << url;
  }
}

TEST(addresses, a_database_url_without_a_password_is_left_alone) {
  for (const char* url :
       {"postgresql://ordersync@/ordersync", "postgresql://u@h:5432/db", "postgresql://h:5432,i:5433/db",
        "postgresql://u@[::1]:5432/db", "postgresql:///db?host=/run/postgresql&passfile=/x",
        "postgresql://h/db?application_name=a%", "postgresql://%2Frun%2Fpg/db"}) {
    EXPECT_FALSE(holds_password(url)) << url;
  }
}

}  // namespace
}  // namespace ordersync::config
