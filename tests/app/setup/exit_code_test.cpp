#include "app/setup/exit_code.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::setup {
namespace {

TEST(exit_code, follows_the_kind_of_failure) {
  EXPECT_EQ(code_of(core::failure::input), exit_code::usage);
  EXPECT_EQ(code_of(core::failure::unreachable), exit_code::api);
  EXPECT_EQ(code_of(core::failure::untrusted), exit_code::api);
  EXPECT_EQ(code_of(core::failure::overloaded), exit_code::api);
  EXPECT_EQ(code_of(core::failure::unusable_reply), exit_code::api);
  EXPECT_EQ(code_of(core::failure::refused), exit_code::refused);
  EXPECT_EQ(code_of(core::failure::database_down), exit_code::database);
  EXPECT_EQ(code_of(core::failure::database), exit_code::database);
  EXPECT_EQ(code_of(core::failure::defect), exit_code::defect);
}

TEST(exit_code, of_several_accounts_is_the_worst) {
  EXPECT_EQ(worse(exit_code::done, exit_code::incomplete), exit_code::incomplete);
  EXPECT_EQ(worse(exit_code::api, exit_code::incomplete), exit_code::api);
  EXPECT_EQ(worse(exit_code::refused, exit_code::api), exit_code::refused);
  EXPECT_EQ(worse(exit_code::database, exit_code::refused), exit_code::database);
  EXPECT_EQ(worse(exit_code::defect, exit_code::database), exit_code::defect);
}

}  // namespace
}  // namespace ordersync::app::setup
