#include "behaviour_flags.hpp"

#include "flag_adding.hpp"

#include <stdexcept>
#include <vector>

namespace pandapon_sim {
namespace {

void add_status_flags(CLI::App& to, recipe& set) {
  to.add_flag("--status-words", set.status_words, "statuses are 1688's words");
  add(to, "--odd-statuses", "PERCENT", "of the orders have the status 9 or 77",
      [&set](const std::string& text) { set.odd_statuses = need_percentage(text, "--odd-statuses"); });
}

account read_account(const std::string& text) {
  const auto parts = split(text, ':');
  if (parts.size() != 3 || parts[0].empty() || parts[1].empty())
    throw std::runtime_error("--account: invalid value; use KEY:SECRET:PERCENT");
  return {parts[0], parts[1], need_percentage(parts[2], "--account")};
}

void add_account_flag(CLI::App& to, behaviour& set) {
  to.add_option_function<std::vector<std::string>>(
        "--account",
        [&set](const std::vector<std::string>& texts) {
          for (const std::string& text : texts) set.more_accounts.push_back(read_account(text));
        },
        "another access-key, which sees that percentage of the orders; may be repeated")
      ->type_name("KEY:SECRET:PERCENT")
      ->allow_extra_args(false);
}

}  // namespace

void add_behaviour_flags(CLI::App& app, options& set) {
  CLI::App& group = *app.add_option_group("Behaviours of other APIs of this family");
  add_range_flags(group, set.behaves.range);
  add_listing_flags(group, set.behaves.listing);
  add_paging_flags(group, set.behaves.paging);
  add_reply_flags(group, set.behaves.replies);
  add_status_flags(group, set.orders_from);
  add_account_flag(group, set.behaves);
  add_gate_flags(group, set.behaves.gate);
}

}  // namespace pandapon_sim
