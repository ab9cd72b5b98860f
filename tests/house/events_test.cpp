// What the log says is what the manual explains: every event and every field of the sources is in docs/operations.md,
// and nothing that is not in the sources. TEST_WRITE_DOCS=1 in the environment writes its generated part anew.
#include "house/events.hpp"

#include "service/event_help.hpp"
#include "service/log_line.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace ordersync::house {
namespace {

namespace fs = std::filesystem;

const std::string opening = "## Warnings and errors\n";

fs::path manual_file() {
  return fs::path{ORDERSYNC_SOURCE_DIR} / "docs/operations.md";
}

std::string read(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

const logged& sources() {
  static const auto all = what_is_logged(read_tree(fs::path{ORDERSYNC_SOURCE_DIR} / "src"));
  return all;
}

std::string generated() {
  std::string text =
      opening +
      "\nGenerated from `src/service/event_help.cpp`; to change it, change that and run `test_house` with "
      "`TEST_WRITE_DOCS=1`.\n";
  for (const auto& help : service::all_event_help()) {
    text += "\n### " + std::string{help.event} + "\n\n";
    text += (help.level == core::severity::error ? "*Error.* " : "*Warning.* ") + std::string{help.cause} + "\n\n";
    text += "**What to do:** " + std::string{help.cure} + "\n";
  }
  return text + "\n";
}

// The words of the first column of the table below a heading.
std::set<std::string> listed_below(const std::string& heading) {
  std::istringstream lines{read(manual_file())};
  static const std::regex row{R"(^\| `([a-z_]+)`)"};
  std::set<std::string> words;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#")) inside = line == heading;
    std::smatch found;
    if (inside && std::regex_search(line, found, row)) words.insert(found[1]);
  }
  return words;
}

TEST(events, the_manual_has_the_help_for_each_warning_and_error) {
  const auto manual = read(manual_file());
  const auto begin = manual.find(opening);
  ASSERT_NE(begin, std::string::npos);
  const auto end = manual.find("\n## ", begin) + 1;
  ASSERT_NE(end, 0U) << "another section follows";
  if (std::getenv("TEST_WRITE_DOCS") != nullptr)
    std::ofstream{manual_file()} << manual.substr(0, begin) << generated() << manual.substr(end);
  const auto now = read(manual_file());
  EXPECT_EQ(now.substr(begin, now.find("\n## ", begin) + 1 - begin), generated()) << "write it anew: TEST_WRITE_DOCS=1";
}

TEST(events, every_warning_and_error_of_the_sources_has_its_help) {
  EXPECT_GT(sources().events.size(), 20U) << "hardly any were found, so this test looks at the wrong forms of calls";
  for (const auto& [event, how] : sources().events) {
    for (const auto& level : how.levels) {
      if (level != "warning" && level != "error") continue;
      const auto* help = service::help_for(event);
      ASSERT_NE(help, nullptr) << event << " is a " << level << " without help: add it to src/service/event_help.cpp";
      EXPECT_EQ(service::name(help->level), level) << event;
    }
  }
}

TEST(events, what_has_help_is_a_warning_or_error_of_the_sources) {
  std::string before;
  for (const auto& help : service::all_event_help()) {
    const std::string event{help.event};
    EXPECT_LT(before, event) << "the table is in the order of the alphabet, and nothing is there twice";
    before = event;
    ASSERT_TRUE(sources().events.contains(event)) << event << " is not in the sources any more";
    for (const auto* harmless : {"info", "debug", "trace"})
      EXPECT_FALSE(sources().events.at(event).levels.contains(harmless)) << event;
  }
}

TEST(events, all_others_are_in_the_manual) {
  std::set<std::string> others;
  for (const auto& [event, how] : sources().events)
    if (service::help_for(event) == nullptr) others.insert(event);
  EXPECT_EQ(others, listed_below("### Other events"));
}

TEST(events, every_field_is_in_the_manual) {
  auto fields = sources().fields;
  fields.insert("repeated");  // added by the log itself
  fields.insert("fields");    // given to report_finding()
  EXPECT_EQ(fields, listed_below("### Fields"));
}

TEST(events, are_found_in_the_forms_that_the_sources_use) {
  const auto found = what_is_logged({{"app/a.cpp",
                                      "log_.write(core::severity::warning, \"a_b\",\n  {{\"x\", 1},\n   {\"y_z\", 2}});"
                                      "log.write(bad ? severity::error : severity::info, bad ? \"c_d\" : \"e_f\", {});"
                                      "write(core::severity::debug, \"g_h\", w, \"i\", 3);"
                                      "report_finding(\"j_k\", \"values\", 3, batch);"}});
  EXPECT_EQ(found.fields, (std::set<std::string>{"x", "y_z"}));
  ASSERT_EQ(found.events.size(), 5U);
  EXPECT_EQ(found.events.at("a_b").levels, std::set<std::string>{"warning"});
  EXPECT_EQ(found.events.at("c_d").levels, std::set<std::string>{"?"});
  EXPECT_EQ(found.events.at("g_h").levels, std::set<std::string>{"debug"});
  EXPECT_TRUE(found.events.contains("e_f") && found.events.contains("j_k"));
}

}  // namespace
}  // namespace ordersync::house
