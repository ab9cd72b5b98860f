#include "app/alerts/message.hpp"

#include "config/webhook.hpp"
#include "core/local_time.hpp"
#include "core/utf8.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string_view>

namespace ordersync::app::alerts {
namespace {

namespace json = boost::json;

constexpr std::size_t most_whats = 3;
constexpr std::size_t most_names = 10;

std::string_view headline_of(config::alert_kind kind) {
  switch (kind) {
    case config::alert_kind::gap:
      return "Something is missing, in doubt or in quarantine";
    case config::alert_kind::behind:
      return "New orders arrive late";
    case config::alert_kind::refused:
      return "The API refuses the credentials";
    case config::alert_kind::database:
      return "The database is not usable";
    case config::alert_kind::silent:
      return "Nothing is read";
    case config::alert_kind::recovered:
      return "Recovered";
  }
  return "";
}

// A problem that has ended has the headline of its kind: its own is not stored, so a restart loses it.
std::string_view headline_of(const reported_problem& of, message_state state) {
  if (state == message_state::firing && !of.headline.empty()) return of.headline;
  return headline_of(of.kind);
}

std::string in_a_sentence(std::string_view headline) {
  std::string text{headline};
  text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  return text;
}

std::vector<std::string> named(const reported_problem& of) {
  std::vector<std::string> names;
  for (const auto& account : of.accounts)
    if (!account.empty()) names.push_back(account);
  return names;
}

// "a, b and 3 more"
std::string list_of(const std::vector<std::string>& names) {
  const auto shown = std::min(names.size(), most_names);
  auto text = fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

std::string whats_of(const reported_problem& of) {
  const auto shown = std::min(of.whats.size(), most_whats);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) text += of.whats[i] + '\n';
  if (of.whats.size() > shown) text += fmt::format("... and {} more of this kind.\n", of.whats.size() - shown);
  return text;
}

std::string paragraph_of(const reported_problem& of, message_state state, const origin& from) {
  const auto names = named(of);
  const auto since = core::local_text(std::chrono::floor<std::chrono::seconds>(of.since), from.zone);
  auto text = fmt::format("{} ({})", headline_of(of, state), config::name(of.kind));
  if (!names.empty()) text += ": " + list_of(names);
  if (state == message_state::recovered) return text + fmt::format("\nIt began {}.\n", since);
  text += fmt::format("\n{}Since {}.\n", whats_of(of), since);
  return of.cure.empty() ? text : text + fmt::format("To do: {}\n", of.cure);
}

std::string first_line(const message& m) {
  switch (m.state) {
    case message_state::firing:
      return "ordersync: problem";
    case message_state::recovered:
      return "ordersync: recovered";
    case message_state::test:
      return "ordersync: test";
  }
  return "";
}

json::object problem_json(const reported_problem& of) {
  const auto names = named(of);
  return {{"kind", config::name(of.kind)},
          {"since", core::to_text(of.since)},
          {"accounts", json::array(names.begin(), names.end())},
          {"what", json::array(of.whats.begin(), of.whats.end())},
          {"what_to_do", of.cure}};
}

}  // namespace

const char* name(message_state of) noexcept {
  switch (of) {
    case message_state::firing:
      return "firing";
    case message_state::recovered:
      return "recovered";
    case message_state::test:
      return "test";
  }
  return "";
}

std::string database_name(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find('?'));
  const auto slash = url.find('/');
  return slash == std::string_view::npos ? std::string{} : std::string(url.substr(slash + 1));
}

std::string summary_of(const message& m) {
  if (m.state == message_state::test) return "This is a test of ordersync";
  auto text = std::string(headline_of(m.problems.front(), m.state));
  for (std::size_t i = 1; i < m.problems.size(); ++i) text += "; " + in_a_sentence(headline_of(m.problems[i], m.state));
  return m.state == message_state::recovered ? "Over: " + in_a_sentence(text) : text;
}

std::string text_of(const message& m, const origin& from) {
  const auto last = fmt::format("Host {}, database {}, ordersync {}", from.host, from.database, from.version);
  auto text = first_line(m) + '\n';
  if (m.state == message_state::test)
    text += "This is a test of ordersync: problems with the mirror are reported here.\n";
  for (const auto& one : m.problems) text += paragraph_of(one, m.state, from);
  constexpr std::string_view cut = "...\n";
  const auto room = longest_text - std::min(longest_text - cut.size(), last.size() + cut.size());
  if (text.size() > room) text = std::string(core::truncated(text, room)) + std::string(cut);
  return std::string(core::truncated(text + last, longest_text));
}

json::object json_of(const message& m, const origin& from) {
  json::object object;
  if (m.state != message_state::test) object = problem_json(m.problems.front());
  json::array all;
  for (const auto& one : m.problems) all.push_back(problem_json(one));
  object["state"] = name(m.state);
  object["summary"] = summary_of(m);
  object["problems"] = std::move(all);
  object["host"] = from.host;
  object["database"] = from.database;
  object["version"] = from.version;
  return object;
}

}  // namespace ordersync::app::alerts
