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

struct word_rule {
  std::regex word;
  std::string source_line::*where;
  std::vector<std::string> homes;  // the beginnings of the paths where the word may stand; none: nowhere
  std::string advice;
};

const std::vector<word_rule>& word_rules() {
  static const auto code = &source_line::code;
  static const auto quoted = &source_line::quoted;
  static const std::vector<std::string> transports{"pandapon/https_", "pandapon/tls.", "service/http"};
  static const std::vector<word_rule> rules{
      {std::regex{R"(\bpqxx\b)"},
       code,
       {"store/"},
       "the database is spoken to in src/store alone; add a named operation there"},
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

std::optional<std::string> breach_of_arrows(const std::string& path, const source_line& line) {
  static const std::regex directive{R"(^\s*#\s*include\s*(["<])([^">]+)[">])"};
  std::smatch match;
  if (!std::regex_search(line.written, match, directive)) return std::nullopt;
  const auto included = match[2].str();
  const bool ours =
      may_include().contains(included.substr(0, included.find('/'))) && included.find('/') != std::string::npos;
  if (match[1] == "<" && !ours) return std::nullopt;
  return include_breach(room_of(path), included);
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
