// Every link between the documents leads somewhere, as do the manual's sections that alerts and sources name, and the
// documents that are to stay short are short.
#include "house/links.hpp"

#include "house/rules.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

namespace ordersync::house {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const fs::path root{ORDERSYNC_SOURCE_DIR};

std::string read(const fs::path& file) {
  std::ifstream in{root / file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::string> all_matches(const std::string& text, const std::regex& what) {
  std::vector<std::string> found;
  for (std::sregex_iterator at{text.begin(), text.end(), what}, end; at != end; ++at) found.push_back((*at)[1].str());
  return found;
}

TEST(links, of_every_document_lead_somewhere) {
  EXPECT_THAT(markdown_files(root), AllOf(Contains("README.md"), Contains("docs/operations.md")))
      << "this test looked at the wrong place";
  for (const auto& dead : dead_links(root)) ADD_FAILURE() << dead;
}

TEST(links, of_alerts_lead_to_a_section_of_the_manual) {
  const auto runbooks = all_matches(read("docs/prometheus/alerts.yml"), std::regex{R"(runbook: (\S+))"});
  EXPECT_GT(runbooks.size(), 10U);
  for (const auto& runbook : runbooks) {
    // The last one takes the event from the alert's label; each event that is an error has its section, see
    // events_test.
    const auto link = runbook.substr(0, runbook.find("#{{"));
    const auto fault = fault_of_link(root, "README.md", link);
    EXPECT_FALSE(fault.has_value()) << runbook << ": " << *fault;
  }
}

TEST(links, in_the_sources_name_documents_that_are_there) {
  static const std::regex document{R"(\b(docs/[a-z_/]+\.md))"};
  for (const auto& [path, text] : read_tree(root / "src")) {
    for (const auto& named : all_matches(text, document))
      EXPECT_TRUE(fs::exists(root / named)) << "src/" << path << " names " << named;
  }
}

TEST(links, that_are_dead_are_found) {
  const test_support::temp_dir tree;
  tree.write("there.md", "# Two words, here\n\n## Again\n## Again\n");
  tree.write("page.md",
             "# Page\n[a](there.md) [b](there.md#two-words-here) [c](#page) [d](there.md#again-1) [e](https://x/y)\n"
             "`[code](nowhere.md)` ![f](nowhere.png)\n```\n[code](nowhere.md)\n# code\n```\n"
             "[g](there.md#again-2), [h](#code), [i](../out.md)\n");
  EXPECT_THAT(dead_links(tree.path()),
              ElementsAre(AllOf(StartsWith("page.md: link nowhere.png: "), HasSubstr("there is no nowhere.png")),
                          HasSubstr("there.md has no heading for #again-2"),
                          HasSubstr("page.md has no heading for #code"), HasSubstr("it leads out of the tree")));
}

TEST(documents, that_are_to_be_short_are_short) {
  const auto readme = read("README.md");
  EXPECT_LE(std::count(readme.begin(), readme.end(), '\n'), 150);
  EXPECT_LE(all_matches(read("docs/glossary.md"), std::regex{R"((?:^|\n)(- ))"}).size(), 15U);
}

}  // namespace
}  // namespace ordersync::house
