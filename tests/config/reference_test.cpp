#include "config/reference.hpp"

#include "config/document.hpp"
#include "config/keys.hpp"
#include "config/load.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace ordersync::config {
namespace {

std::string default_file() {
  std::ifstream in(ORDERSYNC_SOURCE_DIR "/config/ordersync.yaml", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string filled_in(std::string text) {
  for (const std::string key : {"name:", "access_key:", "user_id:"}) {
    const std::size_t at = text.find(key + '\n');
    EXPECT_NE(at, std::string::npos) << key;
    text.insert(at + key.size(), " x");
  }
  return text;
}

// The value of "sync.live.every" or "accounts[].name" in a document; null where it is not given.
const node* value_at(const node& root, std::string_view path) {
  const node* at = &root;
  while (!path.empty()) {
    std::string_view step = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(step.size() + 1, path.size()));
    const bool element = step.ends_with("[]");
    if (element) step.remove_suffix(2);
    const member* m = at->find(step);
    if (!m || (element && m->value.items.empty())) return nullptr;
    at = element ? &m->value.items.front() : &m->value;
  }
  return at;
}

std::string flat(const node& n) {
  std::string text = n.text;
  for (const node& item : n.items) text += '[' + flat(item) + ']';
  for (const member& m : n.members) text += m.name + '=' + flat(m.value) + ';';
  return text;
}

TEST(reference, the_default_file_is_the_reference) {
  EXPECT_TRUE(default_file() == reference()) << "run: ordersync config-reference > config/ordersync.yaml";
}

TEST(reference, the_default_file_holds_every_key_with_its_default) {
  const document d = parse_document(default_file(), "f");
  ASSERT_FALSE(d.broken);
  ASSERT_TRUE(d.problems.empty());
  for (const key& k : keys()) {
    if (k.type == kind::inline_secret || k.path.starts_with("alerts[]")) continue;
    const node* found = value_at(d.root, k.path);
    ASSERT_NE(found, nullptr) << k.path;
    if (k.type == kind::section || k.path == "accounts" || k.path.starts_with("sync.revisit[]")) continue;
    EXPECT_EQ(flat(*found), flat(parse_document(k.fallback, "d").root)) << k.path;
  }
}

TEST(reference, it_lacks_nothing_but_the_required_keys) {
  const auto loaded = load_text(reference(), "f");
  ASSERT_FALSE(loaded);
  ASSERT_EQ(loaded.error().size(), 3U) << to_text(loaded.error());
  EXPECT_EQ(loaded.error()[0].text.substr(0, 26), "accounts[0].name: required");
  EXPECT_EQ(loaded.error()[1].text.substr(0, 32), "accounts[0].access_key: required");
  EXPECT_EQ(loaded.error()[2].text.substr(0, 29), "accounts[0].user_id: required");
  const auto complete = load_text(filled_in(reference()), "f");
  EXPECT_TRUE(complete) << to_text(complete.error());
}

TEST(reference, every_line_fits_a_terminal) {
  std::istringstream lines(reference());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(reference, the_json_names_every_key_of_a_value) {
  const boost::json::array all = reference_json();
  std::size_t expected = 0;
  for (const key& k : keys()) expected += k.type != kind::inline_secret && k.type != kind::section ? 1 : 0;
  EXPECT_EQ(all.size(), expected);
  const auto& timeout = all[6].as_object();
  EXPECT_EQ(
      boost::json::serialize(timeout),
      R"({"key":"api.request_timeout","type":"duration","default":"30s","least":"1s","most":"10m","choices":null,)"
      R"("required":false,"variable":"ORDERSYNC_API__REQUEST_TIMEOUT",)"
      R"("help":"Timeout of one request, from connecting to the last byte of the reply."})");
  EXPECT_EQ(all[8].as_object().at("default"), "+08:00");
}

TEST(keys, every_key_of_a_value_has_help_and_a_place) {
  for (const key& k : keys()) {
    EXPECT_FALSE(k.help.empty()) << k.path;
    const bool stored = k.type != kind::section && k.type != kind::inline_secret;
    EXPECT_EQ(k.at.put != nullptr, stored) << k.path;
    EXPECT_EQ(k.at.same != nullptr, stored) << k.path;
    EXPECT_FALSE(k.required && !k.fallback.empty()) << k.path << " is required and has a default";
  }
}

TEST(keys, every_choice_is_an_enumerator_of_the_member_that_it_goes_to) {
  for (const key& k : keys()) {
    EXPECT_EQ(k.choices.empty(), k.type != kind::choice && k.type != kind::choices) << k.path;
    std::set<value> meanings;
    for (const choice& c : k.choices) {
      settings s;
      s.alerts.emplace_back();
      EXPECT_NO_THROW(k.at.put(s, value{c.meaning})) << k.path << ": " << c.word;
      EXPECT_TRUE(meanings.insert(c.meaning).second) << k.path << ": " << c.word << " means the same as another word";
    }
  }
}

TEST(keys, a_section_comes_before_its_keys) {
  std::vector<std::string_view> seen{""};
  for (const key& k : keys()) {
    std::string_view parent = k.parent();
    if (parent.ends_with("[]")) parent.remove_suffix(2);
    EXPECT_NE(std::find(seen.begin(), seen.end(), parent), seen.end()) << k.path;
    seen.push_back(k.path);
  }
}

}  // namespace
}  // namespace ordersync::config
