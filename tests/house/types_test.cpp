#include "house/types.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ordersync::house {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::string> names(const std::string& text) {
  std::vector<std::string> found;
  for (const auto& type : types_defined("a.hpp", text)) found.push_back(type.name);
  return found;
}

TEST(types, are_found_by_their_full_names) {
  EXPECT_THAT(names("#include <vector>\n"
                    "#define X struct {\n"
                    "namespace a::b {\n"
                    "struct one { int x = 0; struct inner {}; };\n"
                    "class two final : public one {\n"
                    " public:\n"
                    "  void f() { struct local {}; }\n"
                    "};\n"
                    "enum class three { x, y };\n"
                    "template <typename T>\n"
                    "struct four {};\n"
                    "class declared;\n"
                    "struct one made() { return {}; }\n"
                    "namespace c { struct five {}; }\n"
                    "}\n"),
              ElementsAre("a::b::one", "a::b::two", "a::b::three", "a::b::four", "a::b::c::five"));
}

TEST(types, of_unnamed_namespaces_comments_and_texts_are_left_out) {
  EXPECT_THAT(
      names("namespace a {\nnamespace {\nstruct hidden {};\n}\n// struct said {\nauto t = \"struct quoted {\";\n}\n"),
      IsEmpty());
}

TEST(types, of_one_name_are_reported_with_both_places) {
  const std::string one = "namespace a {\nstruct finding {\n  int x;\n};\n}\n";
  EXPECT_THAT(types_defined_twice({{"app/x.hpp", one}, {"app/y.cpp", one}}),
              ElementsAre(AllOf(StartsWith("a::finding is defined more than once, src/app/x.hpp:2, src/app/y.cpp:2"))));
  EXPECT_THAT(types_defined_twice({{"app/x.hpp", one}, {"app/y.hpp", "namespace b { struct finding {}; }"}}),
              IsEmpty());
}

TEST(types, of_this_tree_have_a_name_each) {
  const auto tree = read_tree(std::filesystem::path{ORDERSYNC_SOURCE_DIR} / "src");
  std::size_t types = 0;
  for (const auto& [path, text] : tree) types += types_defined(path, text).size();
  EXPECT_GT(types, 200U) << "hardly any types were found, so this test sees nothing";
  for (const auto& twice : types_defined_twice(tree)) ADD_FAILURE() << twice;
}

}  // namespace
}  // namespace ordersync::house
