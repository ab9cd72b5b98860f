#include "house/rules.hpp"

#include "house/source_text.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <set>
#include <stdexcept>
#include <string_view>

namespace ordersync::house {
namespace {

namespace fs = std::filesystem;

// The arrows. A file outside every room is main.cpp, and counts as the room `main`.
const std::map<std::string, std::set<std::string>>& may_include() {
  static const std::map<std::string, std::set<std::string>> arrows{
      {"core", {}},
      {"sync", {"core"}},
      {"pandapon", {"core", "sync"}},
      {"store", {"core", "sync"}},
      {"config", {"core"}},
      {"service", {"core"}},
      {"app", {"core", "sync", "pandapon", "store", "config", "service"}},
      {"cli", {"core", "sync", "app"}},
      {"main", {"cli"}},
  };
  return arrows;
}

// The arrows inside a room that has rooms of its own, by `room/inner`. A file at the room's top counts as `room`. Where
// that has no row, the top composes: it may use each of them, and none of them may use it.
const std::map<std::string, std::set<std::string>>& inner_may_include() {
  static const std::set<std::string> ground{"app/setup", "app/runtime", "app/telemetry"};
  static const std::set<std::string> work{"app/setup", "app/runtime", "app/telemetry", "app/details", "app/tasks"};
  static const std::map<std::string, std::set<std::string>> arrows{
      {"app/setup", {}},
      {"app/runtime", {}},
      {"app/telemetry", {}},
      {"app/details", ground},
      {"app/tasks", {"app/setup", "app/runtime", "app/telemetry", "app/details"}},
      {"app/freshness", work},
      {"app/orders", work},
      {"app/daemon",
       {"app/setup", "app/runtime", "app/telemetry", "app/details", "app/tasks", "app/freshness", "app/orders"}},
      {"app/doctor", work},
      {"app/status", work},
      {"app/alerts", {"app/setup", "app/runtime", "app/telemetry", "app/details", "app/tasks", "app/status"}},
      {"app/exports", {}},
      {"app/commands",
       {"app/setup", "app/runtime", "app/telemetry", "app/details", "app/tasks", "app/orders", "app/exports",
        "app/status", "app/alerts"}},
      {"app/http",
       {"app/setup", "app/runtime", "app/telemetry", "app/details", "app/tasks", "app/freshness", "app/orders",
        "app/daemon", "app/doctor", "app/status", "app/alerts"}},
      {"cli/text", {}},
      {"cli/shared", {"cli/text"}},
      {"cli/verbs", {"cli/text", "cli/shared"}},
      {"store/pg", {}},
      {"store/values", {"store/pg"}},
      {"store/jobs", {"store/pg", "store/values"}},
      {"store/payloads", {"store/pg", "store/values"}},
      {"store/migrations", {"store/pg", "store/values"}},
      {"store/leadership", {"store/pg", "store/values", "store/jobs"}},
      {"store/alerts", {"store/pg", "store/values", "store/leadership"}},
      {"store/recheck", {"store/pg", "store/values", "store/leadership"}},
      {"store/coverage", {"store/pg", "store/values", "store/leadership"}},
      {"store/push", {"store/pg", "store/values", "store/leadership"}},
      {"store/feed", {"store/pg", "store/values", "store/leadership"}},
      {"store/orders", {"store/pg", "store/values", "store/jobs", "store/payloads", "store/coverage"}},
      {"store/maintenance", {"store/pg", "store/values", "store/leadership", "store/coverage", "store/orders"}},
      {"store/details",
       {"store/pg", "store/values", "store/leadership", "store/coverage", "store/orders", "store/maintenance"}},
      {"store/reports",
       {"store/pg", "store/values", "store/jobs", "store/leadership", "store/recheck", "store/coverage", "store/push",
        "store/maintenance"}},
      {"pandapon/text", {}},
      {"pandapon/json", {"pandapon/text"}},
      {"pandapon/http", {"pandapon/text"}},
      {"pandapon/reply", {"pandapon/text", "pandapon/json", "pandapon/http"}},
      {"pandapon/push", {"pandapon/text", "pandapon/json"}},
      {"pandapon/columns", {"pandapon/text", "pandapon/json"}},
      {"pandapon/decode", {"pandapon/text", "pandapon/json", "pandapon/reply", "pandapon/columns"}},
      {"pandapon/detail", {"pandapon/text", "pandapon/json", "pandapon/columns"}},
      {"sync", {}},  // the ports: what all rooms inside speak of
      {"sync/flow", {"sync"}},
      {"sync/evidence", {"sync"}},
      {"sync/schedule", {"sync", "sync/flow"}},
      {"sync/sharing", {"sync"}},
      {"sync/trials", {"sync", "sync/evidence"}},
      {"sync/recheck", {"sync", "sync/evidence"}},
      {"sync/sweep", {"sync", "sync/flow", "sync/evidence"}},
  };
  return arrows;
}

struct word_rule {
  std::regex word;
  std::string source_line::*where;
  std::vector<std::string> homes;  // the beginnings of the paths where the word may stand; none: nowhere
  std::string advice;
};

const std::vector<word_rule>& word_rules() {
  static const auto code = &source_line::code;
  static const auto quoted = &source_line::quoted;
  static const std::vector<std::string> transports{"pandapon/http/https_", "pandapon/http/tls.", "service/http"};
  static const std::vector<word_rule> rules{
      {std::regex{R"(\bpqxx\b)"},
       code,
       {"store/"},
       "the database is spoken to in src/store alone; add a named operation there"},
      {std::regex{R"(\blibpq-fe\b|\bPQ[a-z]\w*\s*\(|\bPGRES_)"},
       code,
       {"store/pg/libpq."},
       "plain libpq is for what libpqxx cannot do, in store/pg/libpq.cpp alone; use libpqxx"},
      {std::regex{
           R"(\b(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|TRUNCATE|COPY \w+|ALTER \w+|CREATE (TABLE|SCHEMA|INDEX|ROLE|VIEW))\b)"},
       quoted,
       {"store/"},
       "SQL is written in src/store alone; add a named operation there"},
      {std::regex{R"(\b(beast|ssl)::|boost/beast|asio/ssl)"}, code, transports,
       "Beast and TLS stay inside the transports; put what is needed behind the transport's interface"},
      {std::regex{R"(\bprometheus::|<prometheus/)"},
       code,
       {"service/metrics.cpp"},
       "metrics are counted through service/metrics.hpp; add a row to service/metric_table.cpp"},
      {std::regex{R"(\bYAML::|yaml-cpp/)"},
       code,
       {"config/"},
       "YAML is read in src/config alone; use config's typed settings"},
      {std::regex{
           R"(\bsystem_clock::now\b|\bstd::time\s*\(|\btime\s*\(\s*(nullptr|NULL|0)\s*\)|\bgettimeofday\b|\bCLOCK_REALTIME\b)"},
       code,
       {"app/"},
       "the wall clock is read in src/app alone; take a sync clock port and ask it"},
      {std::regex{R"(\brandom_device\b|\b(s?rand|rand_r|getrandom)\s*\(|\bRAND_(priv_)?bytes\b)"},
       code,
       {"app/"},
       "chance comes from src/app alone; take a source of it as an argument or a port"},
      {std::regex{R"(\bdetached\b)"},
       code,
       {},
       "a coroutine is spawned with a completion handler that reports, never detached"},
  };
  return rules;
}

std::string room_of(const std::string& path) {
  const auto slash = path.find('/');
  return slash == std::string::npos ? "main" : path.substr(0, slash);
}

// "app/daemon" of "app/daemon/process.hpp", "app" of "app/serve.hpp".
std::string inner_room_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

bool has_inner_rooms(const std::string& room) {
  return std::ranges::any_of(inner_may_include(),
                             [&](const auto& inner) { return inner.first.starts_with(room + "/"); });
}

bool begins_with_one_of(const std::string& path, const std::vector<std::string>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](const auto& beginning) { return path.starts_with(beginning); });
}

std::string listed(const std::set<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "no other room" : text;
}

// What is wrong with including `included` (as written between quotes) in a file of `room`.
std::optional<std::string> include_breach(const std::string& room, const std::string& included) {
  const auto target = included.substr(0, included.find('/'));
  if (included.find('/') == std::string::npos || !may_include().contains(target)) {
    return "includes \"" + included +
           "\", which names no room; write our own headers as \"room/file.hpp\", others in <>";
  }
  const auto& allowed = may_include().at(room);
  if (target == room || allowed.contains(target)) return std::nullopt;
  return room + " includes \"" + included + "\" against the arrows (it may use " + listed(allowed) +
         "); move what is shared towards core, or let app hand it in through a port";
}

// What is wrong with including `included` in the file `path` of the same room.
std::optional<std::string> inner_breach(const std::string& path, const std::string& included) {
  const auto from = inner_room_of(path);
  const auto to = inner_room_of(included);
  if (from == to) return std::nullopt;
  const auto known = inner_may_include().find(from);
  if (known == inner_may_include().end() || known->second.contains(to)) return std::nullopt;
  return from + " includes \"" + included + "\" against the arrows inside " + room_of(path) + " (it may use " +
         listed(known->second) + "); move what is shared to a room that both may use";
}

std::optional<std::string> breach_of_arrows(const std::string& path, const source_line& line) {
  static const std::regex directive{R"(^\s*#\s*include\s*(["<])([^">]+)[">])"};
  std::smatch match;
  if (!std::regex_search(line.written, match, directive)) return std::nullopt;
  const auto included = match[2].str();
  const bool ours =
      may_include().contains(included.substr(0, included.find('/'))) && included.find('/') != std::string::npos;
  if (match[1] == "<" && !ours) return std::nullopt;
  if (const auto breach = include_breach(room_of(path), included)) return breach;
  if (room_of(path) != room_of(included)) return std::nullopt;
  return inner_breach(path, included);
}

std::optional<std::string> breach_of_words(const std::string& path, const source_line& line, const word_rule& rule) {
  std::smatch match;
  if (begins_with_one_of(path, rule.homes) || !std::regex_search(line.*rule.where, match, rule.word))
    return std::nullopt;
  return "'" + match[0].str() + "' is out of its room; " + rule.advice;
}

}  // namespace

source_tree read_tree(const fs::path& src) {
  source_tree tree;
  for (const auto& entry : fs::recursive_directory_iterator{src}) {
    const auto extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".hpp") continue;
    std::ifstream in{entry.path(), std::ios::binary};
    if (!in) throw std::runtime_error{"cannot read " + entry.path().string()};
    tree[fs::relative(entry.path(), src).generic_string()] = {std::istreambuf_iterator<char>{in}, {}};
  }
  return tree;
}

std::vector<std::string> breaches(const source_tree& tree) {
  std::vector<std::string> found;
  for (const auto& [path, text] : tree) {
    if (!may_include().contains(room_of(path))) {
      found.push_back("src/" + path + ":1: there is no room '" + room_of(path) +
                      "'; add it and its arrows to this test");
      continue;
    }
    const auto inner = inner_room_of(path);
    if (inner != room_of(path) && has_inner_rooms(room_of(path)) && !inner_may_include().contains(inner))
      found.push_back("src/" + path + ":1: there is no room '" + inner + "'; add it and its arrows to this test");
    std::size_t number = 0;
    for (const auto& line : split_source(text)) {
      const auto place = "src/" + path + ":" + std::to_string(++number) + ": ";
      if (const auto breach = breach_of_arrows(path, line)) found.push_back(place + *breach);
      for (const auto& rule : word_rules()) {
        if (const auto breach = breach_of_words(path, line, rule)) found.push_back(place + *breach);
      }
    }
  }
  return found;
}

}  // namespace ordersync::house
