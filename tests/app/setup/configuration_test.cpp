#include "app/setup/configuration.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::setup {
namespace {

TEST(overload_of, says_where_live_alone_needs_more_than_the_rate) {
  config::settings settings;
  settings.accounts.resize(100);
  settings.sync.rate = 10;
  settings.sync.live.every = std::chrono::seconds{10};
  EXPECT_EQ(overload_of(settings), "");
  settings.accounts.resize(200);
  const auto warning = overload_of(settings);
  EXPECT_NE(warning.find("200 accounts"), std::string::npos) << warning;
  EXPECT_NE(warning.find("need 20 requests a second"), std::string::npos) << warning;
}

}  // namespace
}  // namespace ordersync::app::setup
