// Ways to add flags whose value is read by flag_values.hpp. What the flags write to must outlive the parsing.
#pragma once

#include "flag_values.hpp"
#include "options.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <map>
#include <string>

namespace pandapon_sim {

/// `read` throws std::runtime_error if it cannot.
inline CLI::Option* add(CLI::App& to, const std::string& flag, const std::string& takes, const std::string& help,
                        const std::function<void(const std::string&)>& read) {
  return to.add_option_function<std::string>(flag, read, help)->type_name(takes);
}

template <class Duration>
CLI::Option* add_duration(CLI::App& to, const std::string& flag, Duration& out, const std::string& help) {
  return add(to, flag, "DUR", help, [flag, &out](const std::string& text) { out = need_duration(text, flag); });
}

template <class Choice>
CLI::Option* add_choice(CLI::App& to, const std::string& flag, const std::map<std::string, Choice>& choices,
                        Choice& out, const std::string& help) {
  return to
      .add_option_function<std::string>(
          flag, [choices, &out](const std::string& word) { out = choices.at(word); }, help)
      ->check(CLI::IsMember(choices));
}

/// A flag that sets `out` to `value`.
template <class Value>
CLI::Option* add_switch(CLI::App& to, const std::string& flag, Value& out, Value value, const std::string& help) {
  return to.add_flag_function(
      flag, [&out, value](std::int64_t) { out = value; }, help);
}

// The flags by concern. behaviour_flags.cpp adds all but the last two.
void add_range_flags(CLI::App& to, range_rules& set);
void add_listing_flags(CLI::App& to, listing_rules& set);
void add_paging_flags(CLI::App& to, paging_rules& set);
void add_reply_flags(CLI::App& to, reply_rules& set);
void add_gate_flags(CLI::App& to, gate_rules& set);
// Under headings of their own.
void add_push_flags(CLI::App& app, push_rules& set);
void add_detail_flags(CLI::App& app, detail_rules& set, recipe& data);

}  // namespace pandapon_sim
