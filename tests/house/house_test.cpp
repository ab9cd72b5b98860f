// The tree itself, held against the rules of the house.
#include "house/rules.hpp"

#include <gtest/gtest.h>

namespace ordersync::house {
namespace {

TEST(house, keeps_its_rules) {
  const auto tree = read_tree(std::filesystem::path{ORDERSYNC_SOURCE_DIR} / "src");
  EXPECT_GT(tree.size(), 10U) << "hardly any sources were found, so this test looked at the wrong place";
  for (const auto& breach : breaches(tree)) ADD_FAILURE() << breach;
}

}  // namespace
}  // namespace ordersync::house
