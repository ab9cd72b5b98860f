#include "service/page.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ordersync::service {
namespace {

const std::string& document() {
  return status_page().document;
}

bool has(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

TEST(page, is_whole_and_asks_for_nothing_from_elsewhere) {
  EXPECT_TRUE(document().starts_with("<!doctype html>"));
  EXPECT_TRUE(has(document(), "startPolling(showAll)"));
  EXPECT_TRUE(has(document(), "prefers-color-scheme"));
  for (const char* word : {"https://", "src=", "@import", "url(", " style=\"", "onclick=\"", "/*style*/", "/*script*/"})
    EXPECT_FALSE(has(document(), word)) << word;
}

TEST(page, the_policy_allows_its_own_parts_alone) {
  const auto& policy = status_page().security_policy;
  EXPECT_TRUE(policy.starts_with("default-src 'none'; connect-src 'self'; "));
  EXPECT_TRUE(has(policy, "script-src 'sha256-"));
  EXPECT_TRUE(has(policy, "style-src 'sha256-"));
  EXPECT_FALSE(has(policy, "unsafe"));
}

}  // namespace
}  // namespace ordersync::service
