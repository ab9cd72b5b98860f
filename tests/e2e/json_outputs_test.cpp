// What `--json` prints is what docs/json says.

#include "e2e/stage.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace ordersync::e2e {
namespace {

using words = std::vector<std::string>;

std::string help_of(words verb) {
  verb.insert(verb.begin(), {stage::ordersync().string(), "help"});
  return test_support::run_process({.argv = verb}).out;
}

// The verbs below one, by its help.
words below(const std::string& help) {
  words found;
  const auto at = help.find("\nSubcommands:\n");
  if (at == std::string::npos) return found;
  std::istringstream lines(help.substr(at + 1));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line) && line.starts_with("  "))
    if (line[2] != ' ') found.push_back(line.substr(2, line.find(' ', 2) - 2));
  return found;
}

void collect(const words& path, words& with_json) {
  const auto help = help_of(path);
  const auto verbs = below(help);
  for (const auto& verb : verbs) {
    auto longer = path;
    longer.push_back(verb);
    collect(longer, with_json);
  }
  if (!verbs.empty() || help.find("--json") == std::string::npos) return;
  std::string name;
  for (const auto& word : path) name += (name.empty() ? "" : "-") + word;
  with_json.push_back(name);
}

TEST(json_outputs, of_each_verb_that_has_json_are_described) {
  words names;
  auto top = test_support::run_process({.argv = {stage::ordersync().string(), "--help"}}).out;
  for (const auto& verb : below(top)) collect({verb}, names);
  EXPECT_GT(names.size(), 20U) << top;
  for (const auto& name : names)
    EXPECT_TRUE(std::filesystem::exists(stage::source("docs/json/" + name + ".schema.json"))) << name;
}

TEST(json_outputs, are_as_their_schemas_say) {
  stage on;
  on.start_simulator({"--orders", "300", "--from", "2024-05-01", "--to", "2024-06-01", "--oddities", "20"});
  on.configure({.top = "details: {enabled: true, share: 1, younger_than: 3650d}\n"});
  std::filesystem::create_directory(on.file("outputs"));
  const auto print = [&](const std::string& name, const words& verb, int code = 0) {
    const auto done = on.run(verb);
    EXPECT_EQ(done.status.code, code) << name << ": " << done.err;
    EXPECT_FALSE(done.out.empty()) << name;
    on.directory().write("outputs/" + name + ".json", done.out);
    return done.out;
  };
  const words month{"--from", "2024-05-01", "--to", "2024-06-01", "--json"};
  const auto with = [](words verb, const words& more) {
    verb.insert(verb.end(), more.begin(), more.end());
    return verb;
  };
  print("migrate", {"migrate", "--json"});
  print("migrate.status", {"migrate", "--status", "--json"});
  print("sync", {"sync", "--json"}, 6);
  const auto order = on.query("SELECT min(id) FROM ordersync.orders");
  const auto value = on.query("SELECT min(id) FROM ordersync.quarantine");
  print("status", {"status", "--json"}, 6);
  print("coverage", {"coverage", "--json"});
  print("verify", with({"verify"}, month));
  print("backfill-create.estimate", with({"backfill", "create", "--dry-run"}, month));
  print("backfill-create.foreground", with({"backfill", "create", "--foreground"}, month), 6);
  print("backfill-create", with({"backfill", "create"}, month));
  print("backfill-list", {"backfill", "list", "--json"});
  for (const std::string verb : {"show", "pause", "resume", "cancel"})
    print("backfill-" + verb, {"backfill", verb, "1", "--json"});
  print("order-show", {"order", "show", order, "--personal", "--json"});
  print("order-show.absent", {"order", "show", "1", "--json"}, 6);
  print("order-refresh", {"order", "refresh", order, "--json"});
  print("changes", {"changes", "--json"});
  for (const std::string what : {"orders", "items", "payments", "shipments"})
    print("export-" + what, {"export", what, "--format", "ndjson"});
  print("export-orders.personal", {"export", "orders", "--personal", "--format", "ndjson"});
  print("quarantine-list", {"quarantine", "list", "--json"}, 6);
  print("quarantine-list.each", {"quarantine", "list", "--each", "--json"}, 6);
  print("quarantine-show", {"quarantine", "show", value, "--json"});
  print("quarantine-accept", {"quarantine", "accept", value, "--reason", "known", "--json"});
  print("quarantine-retry", {"quarantine", "retry", "--json"}, 6);
  print("replay", {"replay", "--json"});
  print("erase.dry", {"erase", "--order", order, "--dry-run", "--json"});
  print("erase", {"erase", "--mobile", "13800138000", "--json"});
  print("check", {"check", "--json"});
  print("doctor", {"doctor", "--json"});
  print("config-reference", {"config-reference", "--json"});
  const auto checked =
      test_support::run_process({.argv = {"/usr/bin/python3", stage::source("tests/e2e/json_schemas.py").string(),
                                          stage::source("docs/json").string(), on.file("outputs").string()}});
  EXPECT_EQ(checked.status.code, 0) << checked.out << checked.err;
}

}  // namespace
}  // namespace ordersync::e2e
