#pragma once
// What a message says, and how it reads. No personal data: kinds, times, names of accounts, and what `status` says.
// Pure.

#include "app/alerts/condition.hpp"
#include "core/time.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace ordersync::app::alerts {

enum class message_state { firing, recovered, test };
const char* name(message_state of) noexcept;

// One kind of problem; of its accounts those that the message is about.
struct reported_problem {
  config::alert_kind kind{};
  core::instant since{};              // of the account that has had it longest
  std::vector<std::string> accounts;  // "" stands for the whole mirror; at least one
  std::vector<std::string> whats;     // what is the matter, an account each
  std::string cure;
  std::string headline{};  // of the worst; empty: that of its kind
};

// A test has no problems, the others at least one.
struct message {
  message_state state{};
  std::vector<reported_problem> problems;
};

// Who sends it.
struct origin {
  std::string host;
  std::string database;  // its name
  std::string version;
  std::chrono::minutes zone{0};  // in which people here read times
};

// The name in a PostgreSQL URI; empty where it has none.
std::string database_name(std::string_view url);

// "Nothing is read", "Over: nothing is read".
std::string summary_of(const message& m);
// Several lines for people, at most `longest_text` bytes; "ordersync" is in the first, as robots that look for a word
// want it.
inline constexpr std::size_t longest_text = 2'000;
std::string text_of(const message& m, const origin& from);
// For programs: see docs/operations.md.
boost::json::object json_of(const message& m, const origin& from);

}  // namespace ordersync::app::alerts
