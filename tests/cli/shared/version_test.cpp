#include "cli/shared/version.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace ordersync::cli::shared {
namespace {

TEST(version, its_first_line_is_the_program_and_its_number) {
  EXPECT_EQ(version_text().substr(0, version_text().find('\n')), "ordersync " + version());
  EXPECT_TRUE(std::regex_match(version(), std::regex(R"(\d+\.\d+\.\d+)"))) << version();
}

TEST(version, the_commit_is_named_or_called_unknown) {
  EXPECT_TRUE(std::regex_search(version_text(), std::regex("\ncommit (unknown|[0-9a-f]{12}(-dirty)?)\n")))
      << version_text();
}

TEST(version, every_library_has_a_number) {
  for (const char* library :
       {"Boost", "OpenSSL", "libpq", "libpqxx", "spdlog", "fmt", "yaml-cpp", "CLI11", "libsystemd"}) {
    const std::regex line(std::string("\n") + library + R"( \d+(\.\d+)*( \(running with \d+\.\d+[.\d]*\))?(\n|$))");
    EXPECT_TRUE(std::regex_search(version_text(), line)) << library << " in\n" << version_text();
  }
}

TEST(version, how_it_was_built_is_shown) {
  EXPECT_TRUE(std::regex_search(version_text(), std::regex(R"(\nbuilt as \w+.* by (GCC|Clang) \d+\.\d+\.\d+\n)")))
      << version_text();
}

}  // namespace
}  // namespace ordersync::cli::shared
