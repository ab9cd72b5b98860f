#include "config/document.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace ordersync::config {
namespace {

using namespace std::literals;

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string text;
  while (text.size() + part.size() <= bytes) text += part;
  return text;
}

TEST(document, every_key_and_value_knows_its_place) {
  const document d = parse_document("# comment\na: 1\nb:\n  - {名: 2, c: \"x\"}\n", "f");
  ASSERT_FALSE(d.broken);
  ASSERT_TRUE(d.problems.empty());
  EXPECT_EQ(d.root.find("a")->at, (location{2, 1}));
  EXPECT_EQ(d.root.find("a")->value.at, (location{2, 4}));
  const node& element = d.root.find("b")->value.items.at(0);
  EXPECT_EQ(element.at, (location{4, 5}));
  EXPECT_EQ(element.find("c")->at, (location{4, 12}));  // characters, not bytes
  EXPECT_EQ(element.find("c")->value.text, "x");
  EXPECT_EQ(d.root.find("z"), nullptr);
}

TEST(document, a_key_given_twice_is_a_problem_at_its_second_place) {
  const document d = parse_document("a: 1\nb: 2\na: 3\n", "f");
  ASSERT_EQ(d.problems.size(), 1U);
  EXPECT_EQ(to_text(d.problems[0]), "f:3:1: \"a\" is set twice, first on line 1; remove one");
  EXPECT_EQ(d.root.find("a")->value.text, "1");
}

TEST(document, aliases_anchors_and_tags_are_problems) {
  const document d = parse_document("a: &x 1\nb: *x\nc: !!int 3\nd: !custom {e: 1}\n", "f");
  ASSERT_FALSE(d.broken);
  ASSERT_EQ(d.problems.size(), 4U);
  EXPECT_EQ(to_text(d.problems[0]), "f:1:4: anchors (&name) are not supported; remove the anchor");
  EXPECT_EQ(to_text(d.problems[1]), "f:2:4: aliases (*name) are not supported; write the value itself");
  EXPECT_EQ(to_text(d.problems[2]), "f:3:4: tags (!name) are not supported; remove the tag");
  EXPECT_EQ(to_text(d.problems[3]), "f:4:4: tags (!name) are not supported; remove the tag");
  EXPECT_EQ(d.root.find("b")->value.kind, node::shape::refused);
}

TEST(document, a_merge_of_an_alias_merges_nothing) {
  const document d = parse_document("a: &x {b: 1}\nc:\n  <<: *x\n", "f");
  EXPECT_EQ(d.problems.size(), 2U);
  EXPECT_EQ(d.root.find("c")->value.find("b"), nullptr);
}

TEST(document, a_key_that_is_no_plain_text_is_a_problem) {
  const document d = parse_document("? [a, b]\n: 1\n? {c: 1}\n: 2\nd: 3\n", "f");
  ASSERT_EQ(d.problems.size(), 2U);
  EXPECT_EQ(to_text(d.problems[0]), "f:1:3: a key must be plain text");
  EXPECT_EQ(d.root.members.size(), 1U);
}

TEST(document, broken_yaml_says_where) {
  const document d = parse_document("a: 1\nb: c: d\n", "f");
  ASSERT_TRUE(d.broken);
  ASSERT_EQ(d.problems.size(), 1U);
  EXPECT_EQ(to_text(d.problems[0]), "f:2:5: not valid YAML: illegal map value");
  EXPECT_TRUE(parse_document("a: [1, 2\n", "f").broken);
  EXPECT_TRUE(parse_document("a: \"\\q\"\n", "f").broken);
  EXPECT_TRUE(parse_document("a: *nowhere\n", "f").broken);
}

TEST(document, a_second_document_is_refused) {
  const document d = parse_document("a: 1\n---\nb: 2\n", "f");
  ASSERT_TRUE(d.broken);
  EXPECT_EQ(d.problems[0].text, "a second YAML document begins here; only one is allowed");
}

TEST(document, what_is_not_text_is_refused_where_it_begins) {
  const document nul = parse_document("a: 1\nb: 订\0\n"sv, "f");
  ASSERT_TRUE(nul.broken);
  EXPECT_EQ(nul.problems[0].at, (location{2, 5}));
  EXPECT_TRUE(parse_document("a: \xff\n", "f").broken);
  EXPECT_TRUE(parse_document("\xff\xfe"
                             "a\0:\0 \0001\0"sv,
                             "f")
                  .broken);
}

TEST(document, a_deep_document_is_refused) {
  for (const char* part : {"[", "{a: ", "- ", "? ", "[a,"}) {
    const document d = parse_document(repeated(part, 100'000), "f");
    ASSERT_TRUE(d.broken) << part;
    EXPECT_EQ(d.problems.back().text, "nested too deeply") << part;
  }
}

TEST(document, a_document_of_many_parts_is_refused) {
  std::string keys;
  for (int i = 0; i < 15'000; ++i) keys += 'k' + std::to_string(i) + ": 1\n";
  for (const std::string& text : {keys, repeated("- a\n", 200'000), '[' + repeated("a, ", 200'000) + ']'}) {
    const document d = parse_document(text, "f");
    ASSERT_TRUE(d.broken);
    EXPECT_EQ(d.problems.back().text, "too many keys and values");
  }
}

TEST(document, a_huge_document_is_refused) {
  EXPECT_TRUE(parse_document(std::string(largest_document + 1, ' '), "f").broken);
}

TEST(document, hostile_texts_of_the_largest_size_end_soon) {
  const auto begin = std::chrono::steady_clock::now();
  for (const char* part :
       {"\"", "'",    "&a ", "!a ", "a\n",     "|\n",   "]",      "#",      "\n",       "%",        " ",
        "\t", "*a\n", ": ",  "!<",  "[[a]]: ", "'a': ", "a: b: ", "a: b\n", "a: [b]\n", "{a: *b, ", ">-\n a\n"}) {
    parse_document(repeated(part, largest_document), "f");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 60s);  // a fraction of a second; seconds with sanitizers
}

}  // namespace
}  // namespace ordersync::config
